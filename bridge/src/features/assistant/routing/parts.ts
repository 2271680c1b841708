/** A request of several asks, split where a new verb or question begins; one part when it is one. */
export function splitParts(text: string): string[] {
  const parts = text
    .split(BREAK)
    .map((part) => part.trim())
    .filter((part) => part !== '')
  return parts.length > 1 && parts.every((part) => part.split(/\s+/).length > 1)
    ? parts
    : [text.trim()]
}

const VERBS =
  'show|list|give me|tell me|count|find|open|create|make|add|draft|prepare|submit|cancel|delete|change|set|update|rename|invoice|record|remind me|send|how many|how much|what|which|who|run|mark|close|convert|turn'

/** After "; ", ". ", "? ", "then", "and then", ", and" before a verb, or "and" before a question word or verb. */
const BREAK = new RegExp(
  `(?:[;?!]\\s+|\\.\\s+(?=[A-Z])|\\s*,?\\s+(?:and\\s+)?(?:then|after that|also|afterwards)\\s+(?=(?:${VERBS})\\b)|,?\\s+and\\s+(?=(?:${VERBS})\\b(?! (?:it|that|them)?\\s*$)))`,
  'i',
)
