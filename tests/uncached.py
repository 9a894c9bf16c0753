"""A pytest plugin: every test starts with empty caches, so that no test lives on what another has computed."""

import sys


def pytest_runtest_setup() -> None:
    for name, module in list(sys.modules.items()):
        if name.split(".")[0] in ("checklist", "tests"):
            for member in vars(module).values():
                if callable(forget := getattr(member, "cache_clear", None)):
                    forget()
