import type { GatewayCall } from './gateway-call.ts'

/** Roles, separators and tool scaffolding that servers add to each message or tool. */
const OVERHEAD_TOKENS = 24
/** More than any provider bills for one image at its largest. */
const IMAGE_TOKENS = 6_000

/** How many tokens the input of a call can be. */
export interface InputEstimate {
  /**
   * Never too low: every token of a byte-level tokenizer stands for at least one byte, so the
   * number of bytes bounds the number of tokens.
   */
  most: number
  /** About right for prose and JSON; what a call is charged whose provider never said. */
  likely: number
}

export function estimateInput(call: GatewayCall): InputEstimate {
  let bytes = 0
  let images = 0
  for (const message of call.messages) {
    if (message.role === 'user') {
      for (const part of message.content) {
        if (part.type === 'text') bytes += Buffer.byteLength(part.text)
        else images += 1
      }
    } else {
      bytes += Buffer.byteLength(message.content)
    }
    if (message.role === 'assistant') {
      if (message.provider_items) bytes += Buffer.byteLength(JSON.stringify(message.provider_items))
      for (const tool of message.tool_calls) bytes += Buffer.byteLength(tool.name + tool.arguments)
    }
  }
  if (call.tools.length > 0) bytes += Buffer.byteLength(JSON.stringify(call.tools))
  if (call.output_schema) bytes += Buffer.byteLength(JSON.stringify(call.output_schema))
  const scaffolding = OVERHEAD_TOKENS * (call.messages.length + call.tools.length + 1)
  return {
    most: bytes + images * IMAGE_TOKENS + scaffolding,
    likely: Math.ceil(bytes / 3.5) + images * 1_000 + scaffolding / 4,
  }
}

/** Output tokens behind generated text whose provider never said how many there were. */
export function estimateOutput(characters: number): number {
  return Math.ceil(characters / 3)
}
