"""The product's own files, as the architecture tests look at them."""

import ast
import shutil
import subprocess
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]


@cache
def modules() -> dict[Path, ast.Module]:
    """Every module of the product by its path below the root; written ones only, migrations are generated."""
    found = sorted((ROOT / "mailgate").rglob("*.py"))
    kept = [path for path in found if "versions" not in path.parts and "__pycache__" not in path.parts]
    return {path.relative_to(ROOT): ast.parse(path.read_text("utf-8"), str(path)) for path in kept}


@cache
def files() -> tuple[Path, ...]:
    """Every file of the repository that is, or would be, under version control; below the root."""
    command = ["git", "ls-files", "-co", "--exclude-standard", "-z"]
    done = None
    if shutil.which("git") is not None:
        done = subprocess.run(command, cwd=ROOT, capture_output=True, check=False)
    if done is None or done.returncode:  # no git, or an unpacked archive
        skipped = {".git", ".venv", "var", "__pycache__"}
        every = (path for path in ROOT.rglob("*") if path.is_file())
        return tuple(sorted(path.relative_to(ROOT) for path in every if not skipped & set(path.parts)))
    names = [Path(name) for name in done.stdout.decode().split("\0") if name]
    return tuple(sorted(name for name in names if (ROOT / name).is_file()))


def room(path: Path) -> str:
    """The room of a module: the first folder or file below `mailgate`."""
    return path.parts[1].removesuffix(".py")


def imports(tree: ast.Module) -> set[str]:
    """The full names of all modules that a module imports, anywhere in it."""
    found: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found |= {item.name for item in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found.add(node.module)
    return found
