"""The content security policy, judged by the evaluator that others use for theirs (G11)."""

import json
import shutil
import subprocess

import pytest

from signpost.config import ROOT
from signpost.web import CONTENT_SECURITY_POLICY

EVALUATOR = ROOT / "node_modules" / "csp_evaluator"
EVALUATE = """
const { CspParser } = require(process.argv[1] + "/dist/parser.js");
const { CspEvaluator } = require(process.argv[1] + "/dist/evaluator.js");
const findings = new CspEvaluator(new CspParser(process.argv[2]).csp).evaluate();
console.log(JSON.stringify(findings.map(({ severity, directive, description }) => [severity, directive, description])));
"""
MEDIUM = 30  # 10 is high, 20 a syntax error, 30 medium; above it are notes


def findings(policy: str) -> list[tuple[int, str, str]]:
    own = ROOT / ".node" / "bin" / "node"
    node = str(own) if own.exists() else shutil.which("node")
    if node is None or not EVALUATOR.is_dir():
        pytest.skip("The evaluator is not installed: make test installs it.")
    done = subprocess.run([node, "-e", EVALUATE, str(EVALUATOR), policy], capture_output=True, text=True, check=True)
    return [tuple(finding) for finding in json.loads(done.stdout)]


def test_nothing_in_the_policy_is_weak() -> None:
    assert [finding for finding in findings(CONTENT_SECURITY_POLICY) if finding[0] <= MEDIUM] == []


def test_the_evaluator_sees_what_is_weak() -> None:
    weak = CONTENT_SECURITY_POLICY.replace("script-src 'self'", "script-src 'self' 'unsafe-inline' https:")

    assert min(severity for severity, _, _ in findings(weak)) == 10
