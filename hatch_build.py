"""Compiles the rulebook into the wheel, so that no run has to check it again (`checklist.compiled`)."""

import sys
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class CompiledRulebook(BuildHookInterface):  # type: ignore[type-arg]  # its parameter is the tool's own
    """Writes `checklist/rulebook.json`, from rules/ as they stand."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Before a wheel is built, or an editable one; a rulebook with a problem builds none."""
        del version
        root = Path(self.root)
        sys.path.insert(0, self.root)
        try:
            from checklist.compiled import NAME, compiled  # noqa: PLC0415 - found only now
            from checklist.rulebooks import load_checklist  # noqa: PLC0415

            (root / "checklist" / NAME).write_bytes(compiled(load_checklist(root / "rules")))
        finally:
            sys.path.remove(self.root)
        build_data["artifacts"].append(f"checklist/{NAME}")
