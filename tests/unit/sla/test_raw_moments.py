"""No arithmetic on the wall: what is annotated as a datetime is not compared, added or subtracted raw.

The scan knows parameters, annotated attributes, properties and functions by their annotations, and the
local names assigned from them. It does not look into containers.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from pathlib import Path

import mcu_sdk

PACKAGE = Path(mcu_sdk.__file__).parent
MODULES = [path for folder in ("sla", "desk") for path in sorted((PACKAGE / folder).rglob("*.py"))]
# Every place that may, and why it is right there.
ALLOWED = {
    "moment.py epoch_seconds": "the other operand is the epoch in UTC, so Python counts real seconds",
    "moment.py _offset_at": "the same epoch, in UTC",
    "moment.py epoch_of_moment": "within a zone that keeps one offset, asked one line before",
    "moment.py moment_in": "seconds are added to the epoch in UTC",
    "bound.py due": "its rows are wall.py's: within stretches where the zone keeps one offset",
    "wall.py __init__": "the same",
    "wall.py _row_of": "the same",
    "wall.py _shifted": "the same",
    "wall.py _spent": "the same",
    "wall.py _stretches": "the same",
    "rule_tables.py clock_pieces": "columns of epoch seconds under the same names",
    "working_time.py _lay": "the same columns",
    "working_time.py _lay_way_back": "the same columns",
}
# A step's ends may be moments; the same names are ordinals of `Days`.
ORDINALS = {"first", "last"}
ORDER = (ast.Lt, ast.LtE, ast.Gt, ast.GtE)
MAKERS = {"astimezone", "combine", "fromisoformat", "fromtimestamp", "datetime"}


def is_moment(annotation: ast.expr | None) -> bool:
    """Whether an annotation is `datetime`, alone or in a union."""
    if isinstance(annotation, ast.BinOp):
        return is_moment(annotation.left) or is_moment(annotation.right)
    return isinstance(annotation, ast.Name) and annotation.id == "datetime"


def declared(trees: Iterable[ast.Module]) -> tuple[set[str], set[str]]:
    """The names of attributes, and of functions, that are annotated as moments."""
    attributes: set[str] = set()
    functions: set[str] = set()
    for node in (node for tree in trees for node in ast.walk(tree)):
        if isinstance(node, ast.FunctionDef) and is_moment(node.returns):
            decorators = {item.id for item in node.decorator_list if isinstance(item, ast.Name)}
            (attributes if "property" in decorators else functions).add(node.name)
        elif isinstance(node, ast.ClassDef):
            fields = [item for item in node.body if isinstance(item, ast.AnnAssign)]
            attributes |= {
                item.target.id
                for item in fields
                if isinstance(item.target, ast.Name) and is_moment(item.annotation)
            }
    return attributes - ORDINALS, functions


class Scan(ast.NodeVisitor):
    """The raw uses of moments in one module, by function."""

    def __init__(self, attributes: set[str], functions: set[str]) -> None:
        self.attributes, self.functions = attributes, functions | MAKERS
        self.locals: set[str] = set()
        self.where = ""
        self.found: dict[str, int] = {}

    def visit_FunctionDef(self, node: ast.FunctionDef) -> None:
        before = self.locals, self.where
        arguments = (*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs)
        self.locals = self.locals - {item.arg for item in arguments}
        self.locals |= {item.arg for item in arguments if is_moment(item.annotation)}
        self.where = node.name
        self.generic_visit(node)
        self.locals, self.where = before

    def visit_ClassDef(self, node: ast.ClassDef) -> None:
        before = self.locals
        self.generic_visit(node)
        self.locals = before

    def visit_Assign(self, node: ast.Assign) -> None:
        self.generic_visit(node)
        names = {target.id for target in node.targets if isinstance(target, ast.Name)}
        self.locals = self.locals | names if self.yields(node.value) else self.locals - names

    def visit_AnnAssign(self, node: ast.AnnAssign) -> None:
        self.generic_visit(node)
        if isinstance(node.target, ast.Name) and is_moment(node.annotation):
            self.locals = self.locals | {node.target.id}

    def visit_NamedExpr(self, node: ast.NamedExpr) -> None:
        self.generic_visit(node)
        if self.yields(node.value):
            self.locals = self.locals | {node.target.id}

    def visit_Compare(self, node: ast.Compare) -> None:
        self.generic_visit(node)
        if any(isinstance(operator, ORDER) for operator in node.ops):
            self.note(node, (node.left, *node.comparators))

    def visit_BinOp(self, node: ast.BinOp) -> None:
        self.generic_visit(node)
        if isinstance(node.op, ast.Add | ast.Sub):
            self.note(node, (node.left, node.right))

    def visit_AugAssign(self, node: ast.AugAssign) -> None:
        self.generic_visit(node)
        if isinstance(node.op, ast.Add | ast.Sub):
            self.note(node, (node.target, node.value))

    def visit_Call(self, node: ast.Call) -> None:
        self.generic_visit(node)
        if isinstance(node.func, ast.Name) and node.func.id in ("min", "max", "sorted"):
            self.note(node, node.args)

    def note(self, node: ast.expr | ast.AugAssign, operands: Iterable[ast.expr]) -> None:
        if any(self.yields(operand) for operand in operands):
            self.found.setdefault(self.where, node.lineno)

    def yields(self, node: ast.expr) -> bool:
        """Whether an expression is known to be a moment."""
        match node:
            case ast.Name(name):
                return name in self.locals
            case ast.Attribute(_, name):
                return name in self.attributes
            case ast.Call(ast.Name(name)) | ast.Call(ast.Attribute(_, name)):
                return name in self.functions
            case ast.IfExp(_, one, other) | ast.BinOp(one, _, other):
                return self.yields(one) or self.yields(other)
            case ast.BoolOp(_, values):
                return any(map(self.yields, values))
        return False


def raw_uses() -> Iterator[tuple[str, str]]:
    trees = {module: ast.parse(module.read_text("utf-8")) for module in MODULES}
    names = declared(trees.values())
    for module, tree in trees.items():
        scan = Scan(*names)
        scan.visit(tree)
        for function, line in scan.found.items():
            yield f"{module.name} {function}", f"{module.name}:{line}"


def test_moments_are_compared_and_subtracted_as_epoch_seconds() -> None:
    """Python compares datetimes of one zone on the wall, so only the places allowed above do it."""
    found = dict(raw_uses())
    assert {place: line for place, line in found.items() if place not in ALLOWED} == {}
    assert set(ALLOWED) <= set(found), "an exception that nothing needs is deleted"


def test_the_scan_sees_what_it_should() -> None:
    """Parameters, locals, attributes, results and the order of two are seen; dates and seconds are not."""
    source = """
class Term:
    due: datetime | None
    amount: int
    @property
    def begun(self) -> datetime: ...
    def after(self) -> datetime: ...

def parameter(now: datetime): return now < other
def local(term):
    at = term.due
    later = at
    return 1 - later
def attribute(term): return term.begun >= term.amount
def result(term): return term.after() - timedelta(1)
def first(now: datetime): return min(now, other)
def walrus(term): return (at := term.after()) and at < 1
def grows(now: datetime): now += timedelta(1)
def seconds(now: datetime): return epoch_seconds(now) - epoch_seconds(now)
def civil(now: datetime): return now.date() < now.date()
def amounts(term): return term.amount < term.amount + 1
def same(now: datetime): return now == now
"""
    tree = ast.parse(source)
    scan = Scan(*declared([tree]))
    scan.visit(tree)
    assert set(scan.found) == {"parameter", "local", "attribute", "result", "first", "walrus", "grows"}
