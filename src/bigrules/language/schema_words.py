"""What editors say of each key when somebody hovers over it or is offered it."""

from __future__ import annotations

from typing import Any

Schema = dict[str, Any]

FILE = {
    "rule": "What the rule says, in one sentence.",
    "definition": "A sentence that other files may then use; its slots stand in `<…>`.",
    "amendment": "What the amendment says, in one sentence.",
    "otherwise": "How it is said that the sentence does not hold, with the same slots.",
    "source": "The clause that this encodes, or a list of them: ids of `clauses.yaml`.",
    "by": "By what authority, where it is not the guidance: such as `constitution 4.1`.",
    "force": "How strong it is: `must`, `should`, or `expected`, which is only listed.",
    "from": "The first day on which it is in force, such as 2018-04-01.",
    "until": "The last day on which it is in force; that day counts.",
    "replaces": "The rule in whose place this one stands.",
    "amends": "The rule, definition, exception or kind of fact that is amended.",
    "parameter": "The named number that is amended, in place of `amends`.",
    "on": "The own day of the rule: a slot of `for each` that holds a date. Without it, the day of judging.",
    "for each": "What the rule is about: there is a finding for each thing that these conditions hold for.",
    "only if": "Where these conditions do not hold the rule is not applicable.",
    "only if any of": "Where none of these conditions holds the rule is not applicable.",
    "required": "What must hold: a condition, a list of them, or a measure with a limit.",
    "not allowed": "What must not hold: a condition or a list of them.",
    "ask": "A question that people answer; in a rule, `yes` means that it is met.",
    "asked again after": "How long an answer counts, such as `1 year`.",
    "holds when": "The sentence holds where all of these hold.",
    "holds when any of": "The sentence holds where one of these holds.",
    "people decide when": "Where all of these hold, people are asked whether the sentence does.",
    "people decide when any of": "Where one of these holds, people are asked whether the sentence does.",
    "in both directions": "Whether it holds of `<b>` and `<a>` where it holds of `<a>` and `<b>`.",
    "never with oneself": "Whether it never holds of somebody and themselves.",
    "shown": "A slot that is shown with it, and is no part of what it is about.",
    "unless": "Where this holds the rule does not apply; with `because`, an exception that says why.",
    "when": "For whom only: conditions over what the amended rule is about.",
    "change": "What the file says now, word for word.",
    "to": "What stands there instead; `nothing` takes it out.",
    "add to": "The key of a list to which something is added.",
    "condition": "The condition that is added.",
    "entries": "The fields that are added.",
    "disapply": "`yes`: the rule or exception does not apply. What it would find is still said.",
    "because": "Why.",
    "may be the same": "Two slots that may be one and the same thing.",
    "show": "What people are shown beside the findings: lists, figures, profiles.",
    "adopted reading": "How the clause is read here, where it could be read in several ways, and why.",
    "other readings": "Other ways to read the clause: what each would change in this file.",
    "equivalent": "Changes of this file that make no difference, and why: for `bigrules test --deep`.",
    "examples": "Small cases, with what must come out. `bigrules test` runs them.",
    "note": "A remark for readers.",
}
CONDITION = {
    "any of": "One of these holds.",
    "all of": "All of these hold.",
    "unless": "None: these do not hold for anything.",
    "ever": "As `all of`, with dated facts read whatever their days.",
    "on": "Dated facts in the conditions beside it are read on this day: a slot.",
    "number of": "How many different things this slot holds.",
    "share of": "Which part of those `among` are those `where`.",
    "total of": "A number, added up; `per` says for each of what.",
    "least of": "The least of a number or day; `per` says for each of what.",
    "greatest of": "The greatest of a number or day; `per` says for each of what.",
    "largest group of": "How many are in the largest group, of those `linked by` something or `sharing` it.",
    "among": "Who or what is counted.",
    "where": "Which of them count.",
    "linked by": "What makes two of them members of one group.",
    "through": "`anyone`: links may run through those who are not counted.",
    "sharing": "A slot: those for whom it is the same are one group.",
    "weighted by": "A slot with a number that is added up in place of counting.",
    "per": "A slot: one value for each of it.",
    "at least": "The least that is enough: a number, `51%`, `1/3`, a parameter or a slot.",
    "at most": "The most that is allowed.",
    "more than": "What has to be exceeded.",
    "less than": "What must not be reached.",
    "exactly": "What it has to be.",
    "of": "The limit is that fraction of this measure.",
    "rounded": "How limit × measure is rounded.",
    "of nobody": "What comes out where there is nobody to count; without it, not applicable.",
}
EXCEPTION = {
    "when": "Where this holds the rule does not apply.",
    "because": "Why it does not.",
    "source": "The clause or the authority that says so.",
    "unless": "Exceptions to this exception.",
}
EXAMPLE = {
    "name": "What the example shows; no two examples of a file have the same name.",
    "scenario": "What the case is called; no two scenarios have the same name.",
    "clause": "The clause that it was worked out from, or a list of them.",
    "rule": "The rule that is held against it.",
    "as of": "The day of judging; 2018-06-01 where it is not given.",
    "given": "The facts: sentences with values in their slots, such as `<1 to 9> is a member`.",
    "then": "What must come out.",
    "concerns": "The sets of people that the finding is about.",
    "because": "How it follows from the clause.",
    "note": "A remark for readers.",
}
STATEMENT = {
    "not": "It does not hold.",
    "not recorded": "Whether it holds is not known.",
    "not asked": "A kind of fact that nobody was asked about.",
    "answer": "What people answered to a question.",
}
READING = {
    "name": "What it is called.",
    "because": "Why the clause can be read in this way.",
    "change": FILE["change"],
    "to": FILE["to"],
    "add to": FILE["add to"],
    "condition": FILE["condition"],
    "stated only": "`yes`: it is about force or wording, and is not run.",
    "differs when": "A case on which it makes a difference; `bigrules test` tries it.",
    "note": FILE["note"],
}
SHOW = {
    "says": "What it is.",
    "each": "Everything that this condition holds for is listed.",
    "profile of": "Whose make-up is shown.",
    "from": "The kind of fact with a row for each of them.",
    "by": "The fields that they are counted by.",
    "beside": "The kind of fact that says how the area is made up.",
    "findings of": "The rules whose findings are shown.",
    "said yes": "Where this holds somebody has said that they are met.",
    "said no": "Where this holds somebody has said that they are not.",
}
KIND = {
    "lists": "It is the list of all things of this type: its first field names them.",
    "dated": "`yes`: each row is in force from a day until a day; the fields `from` and `until` are added.",
    "one for each": "Everything in this field's type that is listed has a row.",
    "key": "No two rows agree on all of these fields.",
    "worked out from": "It is in no register, and follows from another list or from the day.",
    "fields": "The columns of the list.",
    "sentences": "The sentences that rules say it by; slots are names of fields.",
    "no row means": "The default where a listed thing has no row; a report names it.",
    "asks": "The question where nobody was asked about it.",
    "help": "One sentence for whoever fills it in.",
    "adopted reading": FILE["adopted reading"],
    "other readings": FILE["other readings"],
    "note": FILE["note"],
}
FIELD = {
    "is": "Its type: `text`, `number`, `whole number`, `date`, `yes or no`, or a thing such as `person`.",
    "one of": "The values that it can have.",
    "from": "The least that it can be.",
    "to": "The greatest that it can be.",
    "happened": "`yes`: the day on which the fact happened. What happened after the day of judging is not read.",
    "nobody": "Words that say that the row is about no one.",
    "blank means": "What a blank means: `unknown`, `nothing`, `by now`, `required`, or a value.",
    "asks": "The question where it is not known.",
    "help": "One sentence of help.",
}
SENTENCE = {
    "says": "The sentence; its slots are names of fields.",
    "no cycles": "`yes`: a chain of it never comes back to where it began.",
    "with": "Fields that have a fixed value where it holds.",
    "otherwise": "How it is said that it does not hold.",
    "slots": "Which field a word in a slot stands for.",
}
CLAUSE = {
    "section": "The section that it stands in.",
    "place": "Where in the section.",
    "fingerprint": "A hash of its words: `bigrules trace --guidance FILE` says what to write.",
    "treatment": "What became of it.",
    "because": "Why it binds nobody.",
    "shown by": "What shows that it is allowed: `folder/rule: name of an example`, or a scenario.",
    "note": FILE["note"],
}
MANIFEST = {
    "rulebook": "What the rulebook is called.",
    "amendment": "What the amendment is called.",
    "format": "The version of the format: 1.",
    "version": "Its own version, such as 0.1.0.",
    "edition": "The edition of the guidance, or a list of editions with the day from which each was in force.",
    "body": "What a case is called, such as `the partnership`.",
    "over": "What it is laid over: the name of a rulebook or amendment, or a path such as `../rules`.",
    "by": "The authority of every file that names none of its own.",
    "from": "The first day on which all of it is in force.",
    "until": "The last day on which all of it is in force.",
    "parameters": "Named numbers that limits may use.",
    "note": FILE["note"],
}


def told(properties: Schema, words: dict[str, str]) -> Schema:
    """Properties with what is said of each key, as plain text and with marks."""
    found = {}
    for key, schema in properties.items():
        text = words.get(key)
        found[key] = (
            schema
            if text is None
            else {**schema, "description": text.replace("`", ""), "markdownDescription": text}
        )
    return found
