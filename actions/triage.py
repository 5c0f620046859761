"""The guidance as Rasa's form: hear an answer, ask the next question, say the result. What it all means is bot.triage's."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.events import ActionExecutionRejected, ActiveLoop, FollowupAction, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions import guidance as steps
from actions.fallback import ways_on
from actions.guidance import Guidance
from actions.handoff import call_nurse
from actions.turn import FORM, BotAction, Heard, earlier_message, heard, is_opening, say, was_answered_already
from bot.content.load import Content
from bot.languages import Language
from bot.messages import EMERGENCY_LEVELS, Button, Effect, Reply, more_urgent
from bot.triage.emergency import emergency_reply
from bot.triage.explain import advice_key, result_reply, unchanged_reply
from bot.triage.hotlines import crisis_number, emergency_number
from bot.triage.types import Assessment, Opinion, Safety

Events = list[dict[str, Any]]

# The button that parts from an emergency after help was there; "something else" alone does not make one harmless.
AFTER_HELP = "start_over:helped"
# Another action has spoken to these already.
SAID_BEFORE = steps.ALSO_TELL | {"correct_information"}


class ValidateTriageForm(BotAction):
    """Takes each message while the form is open: an answer, a new complaint, or an interruption it leaves to a rule."""

    def name(self) -> str:
        """The name in the domain."""
        return "validate_triage_form"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> Events:
        """Return the slots after this message; no slot at all means that the form does not take it."""
        if was_answered_already(tracker):
            return []
        message = heard(tracker)
        if is_opening(tracker):
            return self._open(dispatcher, tracker, message)
        return self._continue(dispatcher, tracker, message)

    def _open(self, dispatcher: CollectingDispatcher, tracker: Tracker, message: Heard) -> Events:
        content = self.content
        text, opinion = complaint(tracker, message, content=content)
        guidance = steps.from_slot(tracker.get_slot("episode")) or steps.begin(message)
        guidance = steps.caught_up(guidance, content=content)
        if steps.is_about_someone_else(guidance, text, message, content=content):
            say(dispatcher, None, Effect("episode_closed"))
            guidance = steps.begin(message)
        if message.payload.startswith("a:"):
            taken = steps.take_answer(guidance, message, content=content)
        else:
            taken = steps.hear(guidance, text, content=content, opinion=opinion)
        return advanced(taken or guidance, message, content=content)

    def _continue(self, dispatcher: CollectingDispatcher, tracker: Tracker, message: Heard) -> Events:
        content = self.content
        guidance = steps.from_slot(tracker.get_slot("episode")) or steps.begin(message)
        if steps.is_interruption(message, guidance, content=content):
            return self._leave_to_rule(guidance, message)
        taken = steps.take_answer(guidance, message, content=content)
        if taken is not None:
            return advanced(taken, message, content=content)
        if message.intent in steps.COURTESIES:
            return []
        both = steps.told_in_two(earlier_message(tracker).text, message, content=content)
        if both:
            return advanced(replace(steps.hear(guidance, both, content=content), noted=True), message, content=content)
        if message.quick and message.intent not in (
            "affirm",
            "deny",
        ):  # they were still telling: "I have a rash", "on my arms", "it itches"
            return advanced(replace(guidance, noted=True), message, content=content)
        missed = replace(steps.miss(guidance), noted=False)
        key = "dialogue.rephrase" if missed.episode.pending else "dialogue.noted_as_unknown"
        say(dispatcher, Reply(content.phrases.get(key, message.language)))
        return advanced(missed, message, content=content)

    def _leave_to_rule(self, guidance: Guidance, message: Heard) -> Events:
        if message.intent not in steps.ALSO_TELL or message.payload:
            return []
        guidance = steps.hear(guidance, message.text, content=self.content, opinion=message.opinion)
        return [SlotSet("episode", steps.to_slot(guidance)), ActionExecutionRejected(FORM)]


class AskQuestion(BotAction):
    """Asks the pending question with its quick replies."""

    def name(self) -> str:
        """The name in the domain: Rasa's form finds it by this name."""
        return "action_ask_triage_form_triage_answer"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> Events:
        """Send the question."""
        guidance = steps.from_slot(tracker.get_slot("episode"))
        asked = steps.pending_question(guidance, content=self.content) if guidance else None
        if asked is None:
            raise LookupError("the form asks for an answer, but no question is pending")
        choices = asked.choices
        if not steps.can_be_left_open(asked):
            choices = (*choices, ("skipped", self.content.phrases.get("dialogue.skip_button", heard(tracker).language)))
        buttons = tuple(Button(title, f"a:{asked.id}:{value}") for value, title in choices)
        text, language = asked.text, heard(tracker).language
        if guidance and guidance.noted and not was_answered_already(tracker):
            text = together(self.content.phrases.get("dialogue.noted", language), text, language)
        say(dispatcher, Reply(text, kind="question", buttons=buttons))
        return []


class Guide(BotAction):
    """Says the result: level, where to go, why, and what would make it more urgent."""

    def name(self) -> str:
        """The name in the domain."""
        return "action_guide"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> Events:
        """Send the result and keep the episode open: what is said next continues it, and its level can only rise."""
        message, content = heard(tracker), self.content
        guidance = steps.from_slot(tracker.get_slot("episode")) or steps.begin(message)
        guidance, assessment = steps.conclude(guidance, message, content=content)
        again = guidance.advised == advice_key(assessment)
        if assessment.crisis:
            answer_crisis(dispatcher, message, assessment, again=again, content=content)
            if again and steps.has_complaint(message.text, message, content=content):
                # Who was in despair may be ill as well: neither hides the other.
                say(dispatcher, result_reply(assessment, guidance.episode, tables=content.triage, phrases=content.phrases))
        elif guidance.empty >= steps.MOST_EMPTY:
            call_nurse(dispatcher, message, content=content, reason="misunderstood")
        else:
            effect = Effect("assessment", steps.assessment_data(assessment, content=content))
            reply = advice(guidance, assessment, message, content=content)
            say(dispatcher, reply, *([effect] if guidance.told else []))
        helped = steps.after_help(guidance, message, content=content)
        advised = steps.HELPED if helped else advice_key(assessment)
        guidance = replace(guidance, advised=advised if guidance.told or assessment.crisis else "")
        return [SlotSet("episode", steps.to_slot(guidance)), SlotSet("triage_answer", None)]


class ExplainQuestion(BotAction):
    """Answers "why do you ask?"; Rasa then comes back to the question."""

    def name(self) -> str:
        """The name in the domain."""
        return "action_explain_question"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> Events:
        """Send the reason of the pending question."""
        guidance = steps.from_slot(tracker.get_slot("episode"))
        asked = steps.pending_question(guidance, content=self.content) if guidance else None
        language = heard(tracker).language
        say(dispatcher, Reply(asked.why if asked else self.content.phrases.get("dialogue.no_question_now", language)))
        return []


class EndGuidance(BotAction):
    """Ends the guidance because the patient changed their mind."""

    def name(self) -> str:
        """The name in the domain."""
        return "action_end_guidance"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> Events:
        """Say that it is fine, and forget the question."""
        return end_guidance(dispatcher, tracker, "dialogue.guidance_ended", content=self.content)


class CorrectInformation(BotAction):
    """Hears a correction outside the questions: the result is said again."""

    def name(self) -> str:
        """The name in the domain."""
        return "action_correct_information"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> Events:
        """Go on with the episode, or ask for the complaint when there is none."""
        language = heard(tracker).language
        if tracker.get_slot("episode") and tracker.active_loop_name != FORM:
            say(dispatcher, Reply(self.content.phrases.get("dialogue.corrected", language)))
            return [FollowupAction(FORM)]
        say(dispatcher, Reply(self.content.phrases.get("dialogue.go_on", language)))
        return []


class DeclineDiagnosis(BotAction):
    """Declines diagnosis, drug and dose kindly, and guides by the symptoms that the question names."""

    def name(self) -> str:
        """The name in the domain."""
        return "action_decline_diagnosis"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> Events:
        """Say what the bot cannot say, then go on with what it can."""
        return speak_and_guide(dispatcher, tracker, "dialogue.decline_diagnosis", content=self.content)


class Comfort(BotAction):
    """Hears fear: "am I going to die?", "I am so scared". Promises nothing, and guides on."""

    def name(self) -> str:
        """The name in the domain."""
        return "action_comfort"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> Events:
        """Say that it is heard, then go on with what helps: being seen."""
        return speak_and_guide(dispatcher, tracker, "dialogue.comfort", content=self.content)


def advice(guidance: Guidance, assessment: Assessment, message: Heard, *, content: Content) -> Reply:
    """Return the result; in a sentence where the same was said before, so that "she is two" is not met with the whole card again.

    Who asks for the department gets it in full, and who says that help was there is not told to call.
    """
    tables, phrases = content.triage, content.phrases
    over = steps.after_help(guidance, message, content=content)
    if over:
        number = emergency_number(message.region or None, message.language, tables=tables)
        titles = (("triage.nurse_button", "nurse"), ("triage.again_button", AFTER_HELP))
        buttons = tuple(Button(phrases.get(key, message.language), payload) for key, payload in titles)
        return Reply(phrases.get(f"triage.{over}", message.language, emergency=number), buttons=buttons)
    if guidance.advised != advice_key(assessment) or message.intent == "ask_department":
        return result_reply(assessment, guidance.episode, tables=tables, phrases=phrases)
    reply = unchanged_reply(assessment, guidance.episode, tables=tables, phrases=phrases)
    if message.intent in SAID_BEFORE:
        return reply
    return replace(reply, text=together(phrases.get("dialogue.noted", message.language), reply.text, message.language))


def together(one: str, other: str, language: Language) -> str:
    """Return two sentences as one text: Chinese has no blank between them."""
    return f"{one}{'' if language in ('zh-Hans', 'zh-Hant') else ' '}{other}"


def still_urgent(guidance: Guidance | None, message: Heard, *, content: Content) -> Reply:
    """Return what is said to somebody who wants to part from an emergency: the advice stays, unless it was looked at."""
    language, phrases = message.language, content.phrases
    level = more_urgent(message.level_floor, guidance.episode.floor if guidance else "INFO")
    number = emergency_number(message.region or None, language, tables=content.triage)
    advice_again = phrases.get(f"triage.unchanged_{level}", language, emergency=number)
    text = together(advice_again, phrases.get("triage.was_it_seen", language), language)
    titles = (("triage.seen_button", AFTER_HELP), ("triage.nurse_button", "nurse"))
    return Reply(text, kind="question", buttons=tuple(Button(phrases.get(key, language), payload) for key, payload in titles))


def answer_crisis(
    dispatcher: CollectingDispatcher, message: Heard, assessment: Assessment, *, again: bool, content: Content
) -> None:
    """Say the crisis answer and call a person: only the second reader heard it, the safety net answers what the rules hear.

    `again`: it was said before, and a person was called. Then what is written next is met with a shorter word, unless it is
    itself one of despair.
    """
    tables, region = content.triage, message.region or None
    if again and not (message.opinion is not None and message.opinion.verdict == "crisis"):
        numbers = {
            "crisis": crisis_number(region, message.language, tables=tables),
            "emergency": emergency_number(region, message.language, tables=tables),
        }
        say(dispatcher, Reply(content.phrases.get("emergency.crisis_again", message.language, **numbers), kind="crisis"))
        return
    safety = Safety(level=assessment.level, red_flags=assessment.red_flags, crisis=True)
    reply = emergency_reply(safety, language=message.language, region=region, tables=tables, phrases=content.phrases)
    data = steps.assessment_data(assessment, content=content)
    case = Effect("open_case", {"reason": "crisis", "level": assessment.level, "crisis": True})
    say(dispatcher, reply, Effect("assessment", data), case)


def speak_and_guide(dispatcher: CollectingDispatcher, tracker: Tracker, key: str, *, content: Content) -> Events:
    """Say phrase `key`, then ask the open question again, guide by what the words name, or say once more what was advised."""
    message = heard(tracker)
    text = content.phrases.get(key, message.language)
    if tracker.active_loop_name == FORM:
        say(dispatcher, Reply(text))
        return []
    guidance = steps.from_slot(tracker.get_slot("episode"))
    told = guidance is not None and guidance.told
    if (
        told
        or steps.tells_anything(guidance, message, content=content)
        or steps.has_complaint(message.text, message, content=content)
    ):
        say(dispatcher, Reply(text))
        return [FollowupAction(FORM)]
    say(dispatcher, Reply(text, buttons=ways_on(message.language, content=content)))
    return []


def advanced(guidance: Guidance, message: Heard, *, content: Content) -> Events:
    """Return the slots with the next question pending, or with the form filled when there is nothing more to ask."""
    guidance, _ = steps.advance(guidance, message, content=content)
    done = guidance.episode.pending is None
    return [SlotSet("episode", steps.to_slot(guidance)), SlotSet("triage_answer", "done" if done else None)]


def complaint(tracker: Tracker, message: Heard, *, content: Content) -> tuple[str, Opinion | None]:
    """Return the words the guidance opens with, and what the second reader thinks of them.

    Before a button that says what was meant, those are the words before it; of somebody with few words, both messages.
    """
    before = earlier_message(tracker)
    said = before if message.payload.startswith("mean:") else message
    return steps.told_in_two(before.text, message, content=content) or said.text, said.opinion


def end_guidance(dispatcher: CollectingDispatcher, tracker: Tracker, key: str, *, content: Content) -> Events:
    """Close the episode and say phrase `key`. An emergency stays open: changing one's mind does not make it harmless.

    It is closed once the patient says that somebody has looked at it.
    """
    message = heard(tracker)
    guidance = steps.from_slot(tracker.get_slot("episode"))
    urgent = message.level_floor in EMERGENCY_LEVELS or (guidance and guidance.episode.floor in EMERGENCY_LEVELS)
    stays = urgent and message.payload != AFTER_HELP
    closes = guidance is not None and not stays
    reply = Reply(content.phrases.get(key, message.language))
    if stays:
        reply = still_urgent(guidance, message, content=content)
    say(dispatcher, reply, *([Effect("episode_closed")] if closes else []))
    kept = tracker.get_slot("episode") if stays else None
    return [ActiveLoop(None), SlotSet("requested_slot", None), SlotSet("episode", kept), SlotSet("triage_answer", None)]
