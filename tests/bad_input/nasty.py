"""What nobody should send, and somebody will."""

import re

VALUES = [
    "",
    " ",
    "\x00",
    "a\x00b",
    "\r\nBcc: evil@elsewhere.example",
    "a\rb\nc\x0bd\x0ce",
    "\x1b[31mred",
    "\x85\u2028\u2029",
    "\u202eabc\u2066",
    "\ud7ff\ue000\ufffd\uffff",
    "👩🏽‍⚕️" * 40,
    "é" * 5_000,
    "x" * 100_000,
    "Z͑ͫ̓ͪ̂ͫ̽͏̴̙̤̞͉͚̯̞̠͍A̴̵̜̰͔ͫ͗͢L̠ͨͧͩ͘G̴̻͈͍͔̹̑͗̎̅͛́O" * 5,
    "<script>alert(1)</script>",
    "'\"></textarea></select></title><img src=x onerror=alert(1)>",
    "{{ 7 * 7 }}",
    "{% raw %}{{ self }}{% endraw %}",
    "${7*7}#{7*7}<%= 7*7 %>",
    "%s%n%d %(x)s {0} {x}",
    "' OR '1'='1'; DROP TABLE user; --",
    "%_\\*?[a-z]",
    "-1",
    "0",
    "9223372036854775808",
    "9" * 4_400,
    "1e309",
    "NaN",
    "٣٤",
    "0001-01-01T00:00+14:00",
    "9999-12-31T23:59-14:00",
    "null",
    "../../etc/passwd",
    "a@b",
    '"a b"@signpost.example',
    "a@[127.0.0.1]",
    "someone@signpost.example, other@elsewhere.example",
]

# Signs of our insides: no page shows them.
INSIDES = re.compile(r"Traceback|most recent call last|werkzeug\.|peewee\.|sqlite3\.|psycopg|jinja2\.|File \"/")
