"""Questions are chosen and answered as the organizations ask, and each fault is told where it is."""

from typing import Any

import pytest
from pydantic import SecretStr

from security_info import questions
from security_info.methods import security_questions
from security_info.methods.predefined_questions import PREDEFINED
from security_info.policy import Policy
from shared.contracts.problem import Invalid
from shared.contracts.security_info import GivenAnswer
from tests.unit.furnished import policies, policy

PETS = "contoso:pets"
OWN = {"custom": [{"id": "pets", "text": "How many pets?"}]}
THREE = [("first-pet", "Fido"), ("first-boss", "Berg"), ("first-car", "Saab 96")]


def of(**parts: Any) -> Policy:
    return policies(contoso=policy(questions=parts))(["contoso"])


def checked(*answers: tuple[str, str], told: Policy | None = None) -> dict[str, str]:
    given = [GivenAnswer(question_id=question, answer=SecretStr(answer)) for question, answer in answers]
    return questions.checked(told or of(), given)


def faults(*answers: tuple[str, str], told: Policy | None = None) -> list[tuple[str, str, int | None]]:
    with pytest.raises(Invalid) as refused:
        checked(*answers, told=told)
    return [(fault.pointer, fault.key, fault.limit) for fault in refused.value.errors]


def test_there_are_35_questions_in_both_languages():
    assert len(PREDEFINED) == 35
    assert all(set(texts) == {"en", "sv"} for texts in PREDEFINED.values())
    assert len({text for texts in PREDEFINED.values() for text in texts.values()}) == 70


def test_the_organizations_own_come_first_and_ours_in_the_persons_language():
    offered = questions.offered(of(**OWN), "sv").questions
    assert (offered[0].id, offered[0].text, offered[0].organization_id) == (PETS, "How many pets?", "contoso")
    assert (offered[1].text, offered[1].organization_id) == (PREDEFINED[offered[1].id]["sv"], None)
    assert len(offered) == 36
    assert questions.offered(of(), "fi").questions[0].text == next(iter(PREDEFINED.values()))["en"]


def test_only_the_organizations_own_where_it_says_so():
    own = [{"id": f"q{number}", "text": f"{number}?"} for number in range(3)]
    offered = questions.offered(of(predefined=False, custom=own, to_register=3), "en")
    assert [question.id for question in offered.questions] == ["contoso:q0", "contoso:q1", "contoso:q2"]
    assert offered.to_register == 3


def test_right_answers_are_tidied():
    told = checked(("first-pet", "  FIDO\tthe  Dog "), *THREE[1:])
    assert told == {"first-pet": "fido the dog", "first-boss": "berg", "first-car": "saab 96"}


@pytest.mark.parametrize("number", [0, 2, 4])
def test_as_many_as_asked_for_are_answered(number: int):
    answers = [*THREE, ("first-film", "Alien")][:number]
    assert faults(*answers) == [("/answers", "how_many_answers", 3)]


def test_a_question_that_is_not_offered_is_told_by_its_place():
    assert faults(*THREE[:2], ("pets", "three")) == [("/answers/2/question_id", "question_unknown", None)]
    assert faults(*THREE[:2], (PETS, "three")) == [("/answers/2/question_id", "question_unknown", None)]
    assert checked(*THREE[:2], (PETS, "three"), told=of(**OWN))[PETS] == "three"


def test_a_question_is_answered_once():
    assert faults(*THREE[:2], ("first-pet", "Rex")) == [("/answers/2/question_id", "question_repeated", None)]


@pytest.mark.parametrize("answer", ["", "  ", "ab", " a b "])
def test_an_answer_has_three_signs_or_more(answer: str):
    if len(security_questions.tidied(answer)) < 3:
        assert faults(THREE[0], ("first-boss", answer), THREE[2]) == [("/answers/1/answer", "string_too_short", 3)]
    else:
        assert checked(THREE[0], ("first-boss", answer), THREE[2])["first-boss"] == "a b"


def test_an_answer_has_forty_signs_or_fewer():
    assert checked(*THREE[:2], ("first-film", "x" * 40))["first-film"] == "x" * 40
    assert faults(*THREE[:2], ("first-film", "x" * 41)) == [("/answers/2/answer", "string_too_long", 40)]


@pytest.mark.parametrize("again", ["Fido", "fIDO", "  fido ", "\uff26ido"])
def test_an_answer_is_given_once_however_it_is_written(again: str):
    assert faults(*THREE[:2], ("first-film", again)) == [("/answers/2/answer", "answer_repeated", None)]


def test_all_faults_are_told_at_once():
    assert faults(("nothing", "Fido"), ("first-pet", "x"), ("first-pet", "fido")) == [
        ("/answers/0/question_id", "question_unknown", None),
        ("/answers/1/answer", "string_too_short", 3),
        ("/answers/2/question_id", "question_repeated", None),
        ("/answers/2/answer", "answer_repeated", None),
    ]


def test_an_answer_is_recognised_by_its_hash_alone():
    kept = security_questions.hashed({"first-pet": security_questions.tidied("Åsa  Ek")})["first-pet"]
    assert kept.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert security_questions.is_answer("A\u030aSA ek", kept)
    assert not security_questions.is_answer("Asa Ek", kept)


def test_the_same_answer_is_hashed_differently_each_time():
    one, other = (security_questions.hashed({"q": "fido"})["q"] for _ in range(2))
    assert one != other
