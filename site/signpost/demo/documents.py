"""Two small documents of one case: a CV that the trainee added, and results that the counsellor shared with her."""

from models import FileKind, Referral, User
from signpost.files import actions

CV = (
    "Priya Natarajan",
    "Core medical training, second year, Weald Hospitals",
    "Teaching: organiser of the weekly journal club",
    "Audit: discharge summaries, two cycles",
    "Interests: geriatric medicine, medical education",
)
RESULTS = (
    "Ability profile",
    "Verbal reasoning: well above the comparison group",
    "Numerical reasoning: in line with the comparison group",
    "Spatial reasoning: above the comparison group",
    "To be talked through at the first session.",
)


def adds_cv(cast: dict[str, User], referral: Referral) -> None:
    actions.add(referral, FileKind.CV, "Priya Natarajan CV.pdf", page(CV), cast["trainee"])


def shares_results(cast: dict[str, User], referral: Referral) -> None:
    results = page(RESULTS)
    actions.add(referral, FileKind.TEST_RESULTS, "Ability profile.pdf", results, referral.assigned_to, is_shared=True)


def page(lines: tuple[str, ...]) -> bytes:
    """A PDF of one page with these lines."""
    shown = ["BT /F1 20 Tf 72 760 Td 28 TL", *(f"({line}) Tj T* /F1 12 Tf" for line in lines), "ET"]
    words = "\n".join(shown).encode("cp1252")
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R /Lang (en-GB) >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Resources << /Font << /F1 4 0 R >> >> /Contents 5 0 R >>",
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(words), words),
    ]
    made, places = bytearray(b"%PDF-1.7\n"), []
    for number, body in enumerate(objects, 1):
        places.append(len(made))
        made += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    begins = len(made)
    made += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    made += b"".join(b"%010d 00000 n \n" % place for place in places)
    made += b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, begins)
    return bytes(made)
