import type { ModelMessage } from '../../../platform/models/index.ts'
import type { ProviderRules } from '../ports.ts'
import { MASKED, type WithheldValues } from './withheld-values.ts'

/** A message, or how to write it for a provider with these rules. */
export type Sendable = ModelMessage | ((rules: ProviderRules) => ModelMessage)

/** Everything may leave. */
export const NO_RULES: ProviderRules = {
  any: false,
  hides: () => false,
  touches: () => false,
  masks: () => false,
}

/** The messages as a provider may see them: written for its rules, and searched for the rest. */
export function messagesFor(
  sendables: Sendable[],
  rules: ProviderRules,
  withheld: WithheldValues | undefined,
): ModelMessage[] {
  const messages = sendables.map((one) => (typeof one === 'function' ? one(rules) : one))
  if (!withheld || !rules.any) return messages
  const scrub = withheld.scrubber(rules)
  return messages.map((message) => scrubbed(message, scrub))
}

/** A model's own arguments stay JSON. */
function scrubbedJson(text: string, scrub: (text: string) => string): string {
  try {
    return JSON.stringify(JSON.parse(text), (_key, value: unknown) => {
      if (typeof value === 'string') return scrub(value)
      if (typeof value !== 'number') return value
      return scrub(String(value)) === String(value) ? value : MASKED
    })
  } catch {
    return scrub(text)
  }
}

/** The instructions are our own words; everything else may hold what a tool once answered. */
function scrubbed(message: ModelMessage, scrub: (text: string) => string): ModelMessage {
  switch (message.role) {
    case 'system':
      return message
    case 'tool':
      return { ...message, content: scrub(message.content) }
    case 'user':
      return {
        ...message,
        content: message.content.map((part) =>
          part.type === 'text' ? { ...part, text: scrub(part.text) } : part,
        ),
      }
    case 'assistant':
      return {
        ...message,
        content: scrub(message.content),
        tool_calls: message.tool_calls.map((call) => ({
          ...call,
          arguments: scrubbedJson(call.arguments, scrub),
        })),
      }
  }
}
