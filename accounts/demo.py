# Known to everybody: serving refuses where a demo person is in the database without DEMO=1.
DEMO_PASSWORD = "Skills-demo-2026"  # noqa: S105  # meant to be known

DEMO_SIGN_INS = {
    "priya": "a clerk, 17 of 40 statements rated",
    "grace": "a clerk with a signed placement",
    "helen": "a supervisor with reviews waiting",
    "marcus": "the other team's supervisor",
    "ingrid": "head of operations, above both: second signatures and disputes",
    "tomas": "the administrator",
    "ruth": "the auditor",
}
