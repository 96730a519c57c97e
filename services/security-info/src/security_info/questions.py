"""The rules of choosing and answering security questions. Pure."""

from collections.abc import Sequence

from security_info.methods import security_questions
from security_info.methods.predefined_questions import PREDEFINED
from security_info.policy import Policy
from shared.contracts import security_info as contract
from shared.contracts.problem import FieldProblem, Invalid


def offered(policy: Policy, language: str) -> contract.Questions:
    """Give the questions to choose from: the organizations' own first, ours in *language*."""
    ours = (
        contract.Question(id=id_, text=texts.get(language, texts["en"]), organization_id=None)
        for id_, texts in PREDEFINED.items()
    )
    return contract.Questions(
        questions=(*policy.custom_questions(), *(ours if policy.predefined_questions else ())),
        to_register=policy.questions_to_register,
    )


def checked(policy: Policy, given: Sequence[contract.GivenAnswer]) -> dict[str, str]:
    """Give the answers, tidied, by their questions; what is wrong with them is told answer by answer."""
    known = {question.id for question in offered(policy, "en").questions}
    wanted = policy.questions_to_register
    if len(given) != wanted:
        raise Invalid(errors=[FieldProblem(pointer="/answers", key="how_many_answers", limit=wanted)])
    faults, answers = [], dict[str, str]()
    for place, one in enumerate(given):
        answer = security_questions.tidied(one.answer.get_secret_value())
        if one.question_id not in known:
            faults.append(FieldProblem(pointer=f"/answers/{place}/question_id", key="question_unknown"))
        elif one.question_id in answers:
            faults.append(FieldProblem(pointer=f"/answers/{place}/question_id", key="question_repeated"))
        if len(answer) < security_questions.SHORTEST:
            fault = FieldProblem(
                pointer=f"/answers/{place}/answer", key="string_too_short", limit=security_questions.SHORTEST
            )
            faults.append(fault)
        elif len(answer) > security_questions.LONGEST:
            fault = FieldProblem(
                pointer=f"/answers/{place}/answer", key="string_too_long", limit=security_questions.LONGEST
            )
            faults.append(fault)
        elif answer in answers.values():
            faults.append(FieldProblem(pointer=f"/answers/{place}/answer", key="answer_repeated"))
        answers[one.question_id] = answer
    if faults:
        raise Invalid(errors=faults)
    return answers
