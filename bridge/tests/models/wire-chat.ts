/** Wire shapes of Chat Completions as OpenAI documents them and compatible servers send them. */
const chunk = (choice: object | null, more: object = {}): string =>
  `data: ${JSON.stringify({
    id: 'chatcmpl-1',
    object: 'chat.completion.chunk',
    created: 1,
    model: 'gpt-6-sol',
    choices: choice ? [{ index: 0, finish_reason: null, ...choice }] : [],
    ...more,
  })}\n\n`

const role = chunk({ delta: { role: 'assistant', content: '' } })
const text = (content: string): string => chunk({ delta: { content } })
const end = (finish_reason: string): string =>
  `${chunk({ delta: {}, finish_reason })}${chunk(null, {
    usage: {
      prompt_tokens: 120,
      prompt_tokens_details: { cached_tokens: 64 },
      completion_tokens: 40,
      completion_tokens_details: { reasoning_tokens: 25 },
      total_tokens: 160,
    },
  })}data: [DONE]\n\n`
const toolCall = (call: object): string => chunk({ delta: { tool_calls: [{ index: 0, ...call }] } })

export const chatWire = {
  contentType: 'text/event-stream; charset=utf-8',
  text: `: OPENROUTER PROCESSING\n\n${role}${text('Hel')}${chunk({ delta: {} })}${text('lo')}${end('stop')}`,
  toolCall: [
    role,
    toolCall({ id: 'call_1', type: 'function', function: { name: 'find', arguments: '' } }),
    toolCall({ function: { arguments: '{"words":' } }),
    toolCall({ function: { arguments: '"chairs"}' } }),
    end('tool_calls'),
  ].join(''),
  refusal: `${chunk({ delta: { refusal: 'I cannot help with that.' } })}${end('content_filter')}`,
  tooLong: `${role}${text('Hello')}${end('length')}`,
  errorAfterText: `${text('Hel')}data: ${JSON.stringify({ error: { message: 'Server error', code: 500 } })}\n\n`,
  cut: `${role}${text('Hel')}`,
  malformed: `${text('Hel')}data: {"choices":[{"del\n\n`,
  usage: { input: 120, cached: 64, written: 0, output: 40, reasoning: 25 },
  error: (message: string, code: string | null) => ({ error: { message, code } }),
}
