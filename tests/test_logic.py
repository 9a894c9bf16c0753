"""Kleene's logic: every combination of three truths, and the evidence that each answer keeps."""

from itertools import product

import pytest

from checklist.logic import Answer, Evidence, State, Truth, all_of, any_of, false, merge_evidence, negate, true, unknown

T, F, U = Truth.TRUE, Truth.FALSE, Truth.UNKNOWN


def piece(name: str) -> Evidence:
    return Evidence(name, name, State.RECORDED, "case.yaml", 1, 1)


A, B, C = piece("a"), piece("b"), piece("c")


@pytest.mark.parametrize(("one", "other"), list(product(Truth, repeat=2)), ids=lambda truth: truth.value)
def test_and_or_and_not_follow_kleene_s_tables(one: Truth, other: Truth) -> None:
    both, either = all_of([Answer(one), Answer(other)]).truth, any_of([Answer(one), Answer(other)]).truth

    assert both is (F if F in (one, other) else U if U in (one, other) else T)
    assert either is (T if T in (one, other) else U if U in (one, other) else F)
    assert negate(Answer(one)).truth is {T: F, F: T, U: U}[one]


@pytest.mark.parametrize(
    "truths", list(product(Truth, repeat=3)), ids=lambda truths: "-".join(truth.value for truth in truths)
)
def test_the_laws_of_de_morgan_hold_and_order_does_not_matter(truths: tuple[Truth, ...]) -> None:
    answers = [Answer(truth) for truth in truths]
    denied = [negate(answer) for answer in answers]

    assert negate(all_of(answers)).truth is any_of(denied).truth
    assert negate(any_of(answers)).truth is all_of(denied).truth
    assert all_of(answers).truth is all_of(answers[::-1]).truth


def test_of_nothing_all_hold_and_none_does() -> None:
    assert all_of([]).is_true
    assert any_of([]).is_false


def test_an_answer_keeps_the_evidence_that_decided_it() -> None:
    assert all_of([true(A), false(B), unknown(C)]).evidence == (B,)
    assert all_of([true(A), unknown(C), unknown(C)]).evidence == (C,)
    assert all_of([true(A), true(B)]).evidence == (A, B)
    assert any_of([true(A), false(B), unknown(C)]).evidence == (A,)
    assert negate(true(A)).evidence == (A,)
    assert negate(false(B)).evidence == (B,)
    assert negate(unknown(C)).evidence == (C,)
    assert unknown(C).is_unknown
    assert merge_evidence((A, B), (B, C)) == (A, B, C)
