export interface StreamFrame {
  id: string
  event: string
  data: string
}

/** Frames of a `text/event-stream` body, as they arrive (WHATWG HTML, server-sent events). */
export async function* readFrames(body: ReadableStream<Uint8Array>): AsyncGenerator<StreamFrame> {
  const reader = body.getReader()
  const decoder = new TextDecoder()
  let pending = ''
  try {
    for (;;) {
      const { value, done } = await reader.read()
      if (done) return
      pending += decoder.decode(value, { stream: true }).replaceAll('\r\n', '\n')
      const frames = pending.split('\n\n')
      pending = frames.pop() ?? ''
      for (const frame of frames) {
        const read = readFrame(frame)
        if (read) yield read
      }
    }
  } finally {
    await reader.cancel().catch(() => undefined)
  }
}

function readFrame(text: string): StreamFrame | null {
  const frame: StreamFrame = { id: '', event: 'message', data: '' }
  const data: string[] = []
  for (const line of text.split('\n')) {
    const [, name, value] = line.match(/^(\w+):? ?(.*)$/) ?? []
    if (name === 'data') data.push(value ?? '')
    else if (name === 'id') frame.id = value ?? ''
    else if (name === 'event') frame.event = value ?? ''
  }
  frame.data = data.join('\n')
  return data.length > 0 ? frame : null
}
