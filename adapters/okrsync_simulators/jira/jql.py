"""Parses JQL into values. What the fields and their operands mean is known in `matching.py`."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

MAX_ORDER_FIELDS = 7
TOKEN = re.compile(
    r"""\s*(?:
      (?P<quoted>"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')
    | (?P<symbol><=|>=|!=|!~|[=<>~(),])
    | (?P<word>cf\[\d+\]|[^\s"'=<>!~(),]+)
    )""",
    re.VERBOSE,
)
RESERVED = re.compile(r"[+.,;?|*/%^$#@\[\]{}]")
ESCAPE = re.compile(r"\\(.)")


class JqlError(ValueError):
    """A query that Jira refuses; the message is the one it gives."""


class Op(StrEnum):
    """An operator between a field and its operands."""

    EQ = "="
    NE = "!="
    IN = "in"
    NOT_IN = "not in"
    IS = "is"
    IS_NOT = "is not"
    GE = ">="
    LE = "<="
    GT = ">"
    LT = "<"
    LIKE = "~"
    UNLIKE = "!~"


@dataclass(frozen=True, slots=True)
class Operand:
    """A value as it was written; `empty` for EMPTY and NULL."""

    text: str
    quoted: bool = False
    call: bool = False

    @property
    def empty(self) -> bool:
        """Whether this stands for the absence of a value."""
        return not self.quoted and self.text.casefold() in {"empty", "null"}


@dataclass(frozen=True, slots=True)
class Clause:
    """A field, an operator and what to compare with."""

    field: str
    op: Op
    operands: tuple[Operand, ...]


@dataclass(frozen=True, slots=True)
class Not:
    """The opposite of a condition."""

    condition: Condition


@dataclass(frozen=True, slots=True)
class All:
    """Conditions that must all hold."""

    conditions: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class AnyOf:
    """Conditions of which one must hold."""

    conditions: tuple[Condition, ...]


Condition = Clause | Not | All | AnyOf


@dataclass(frozen=True, slots=True)
class Order:
    """A field to sort by."""

    field: str
    descending: bool


@dataclass(frozen=True, slots=True)
class Query:
    """A parsed query; without a condition it is unbounded."""

    condition: Condition | None
    order: tuple[Order, ...]


def parse(text: str) -> Query:
    """Parse JQL or raise `JqlError`."""
    return _Parser(_tokens(text)).query()


@dataclass(frozen=True, slots=True)
class _Token:
    text: str
    quoted: bool = False

    def is_word(self, *words: str) -> bool:
        return not self.quoted and self.text.casefold() in words


END = _Token("")


def _tokens(text: str) -> list[_Token]:
    tokens, position, end = [], 0, len(text.rstrip())
    while position < end:
        match = TOKEN.match(text, position)
        if match is None:
            raise JqlError(f"Error in the JQL Query: unexpected text at character {position + 1}.")
        tokens.append(_token(match))
        position = match.end()
    return tokens


def _token(match: re.Match[str]) -> _Token:
    if quoted := match["quoted"]:
        return _Token(ESCAPE.sub(r"\1", quoted[1:-1]), quoted=True)
    word = match["word"] or match["symbol"]
    reserved = None if word.startswith("cf[") else RESERVED.search(word)
    if reserved and match["word"]:
        raise JqlError(
            f"Error in the JQL Query: The character '{reserved[0]}' is a reserved JQL character. "
            "You must enclose it in a string or use the escape "
            f"'\\u{ord(reserved[0]):04x}' instead."
        )
    return _Token(word)


class _Parser:
    """Recursive descent over the tokens: or, and, not, clause."""

    def __init__(self, tokens: list[_Token]) -> None:
        self._tokens = tokens
        self._next = 0

    def query(self) -> Query:
        condition = None
        if self._peek() is not END and not self._peek().is_word("order"):
            condition = self._either()
        order = self._order() if self._skip_word("order") else ()
        if self._peek() is not END:
            raise self._unexpected("AND, OR or ORDER BY")
        return Query(condition, order)

    def _either(self) -> Condition:
        conditions = [self._both()]
        while self._skip_word("or", "||"):
            conditions.append(self._both())
        return conditions[0] if len(conditions) == 1 else AnyOf(tuple(conditions))

    def _both(self) -> Condition:
        conditions = [self._single()]
        while self._skip_word("and", "&&"):
            conditions.append(self._single())
        return conditions[0] if len(conditions) == 1 else All(tuple(conditions))

    def _single(self) -> Condition:
        if self._skip_word("not"):
            return Not(self._single())
        if self._skip_word("("):
            inside = self._either()
            self._expect(")")
            return inside
        return self._clause()

    def _clause(self) -> Clause:
        field = self._value("a field name").text
        op = self._operator()
        if op in {Op.IN, Op.NOT_IN}:
            return Clause(field, op, self._list())
        return Clause(field, op, (self._operand(),))

    def _operator(self) -> Op:
        token = self._take()
        if token.is_word("not"):
            self._expect("in")
            return Op.NOT_IN
        if token.is_word("is"):
            return Op.IS_NOT if self._skip_word("not") else Op.IS
        if token.quoted or token.text.casefold() not in set(Op):
            self._next -= 1
            raise self._unexpected("an operator")
        return Op(token.text.casefold())

    def _list(self) -> tuple[Operand, ...]:
        self._expect("(")
        operands = [self._operand()]
        while self._skip_word(","):
            operands.append(self._operand())
        self._expect(")")
        return tuple(operands)

    def _operand(self) -> Operand:
        token = self._value("a value")
        if not token.quoted and self._skip_word("("):
            self._expect(")")
            return Operand(token.text, call=True)
        return Operand(token.text, quoted=token.quoted)

    def _order(self) -> tuple[Order, ...]:
        self._expect("by")
        fields = [self._order_field()]
        while self._skip_word(","):
            fields.append(self._order_field())
        if len(fields) > MAX_ORDER_FIELDS:
            raise JqlError(f"The maximum number of sort fields is {MAX_ORDER_FIELDS}.")
        return tuple(fields)

    def _order_field(self) -> Order:
        field = self._value("a field name").text
        descending = self._skip_word("desc")
        if not descending:
            self._skip_word("asc")
        return Order(field, descending)

    def _value(self, expected: str) -> _Token:
        token = self._take()
        if token is END or (not token.quoted and token.text in {"(", ")", ",", *Op}):
            self._next -= 1
            raise self._unexpected(expected)
        return token

    def _peek(self) -> _Token:
        return self._tokens[self._next] if self._next < len(self._tokens) else END

    def _take(self) -> _Token:
        token = self._peek()
        self._next += 1
        return token

    def _skip_word(self, *words: str) -> bool:
        if self._peek().is_word(*words):
            self._next += 1
            return True
        return False

    def _expect(self, word: str) -> None:
        if not self._skip_word(word):
            raise self._unexpected(f"'{word}'")

    def _unexpected(self, expected: str) -> JqlError:
        token = self._peek()
        found = "the query ended" if token is END else f"got '{token.text}'"
        return JqlError(f"Error in the JQL Query: Expecting {expected} but {found}.")
