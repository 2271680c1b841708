/**
 * The thread the embedded PostgreSQL runs in, so that its queries hold up nobody else. Takes and
 * answers whole exchanges of the frontend protocol, see embedded-thread.ts.
 */
import { parentPort, workerData, type MessagePort } from 'node:worker_threads'
import { openCluster } from './cluster.ts'
import { EmbeddedSession } from './embedded-session.ts'

export type ToWorker =
  | { kind: 'exchange'; link: number; message: Uint8Array; complete: boolean }
  | { kind: 'leave'; link: number; statements: string[] }
  | { kind: 'close' }

export type FromWorker =
  | { kind: 'ready' }
  | { kind: 'answer'; link: number; data: Uint8Array; error: string | null }
  | { kind: 'closed' }

const port = parentPort as MessagePort
const db = await openCluster((workerData as { folder: string }).folder)
const session = new EmbeddedSession(db)
port.on('message', (message: ToWorker) => void take(message))
send({ kind: 'ready' })

async function take(message: ToWorker): Promise<void> {
  if (message.kind === 'exchange') return exchange(message)
  if (message.kind === 'leave') return session.leave(message.link, message.statements)
  await db.close()
  send({ kind: 'closed' })
  port.close()
}

async function exchange(asked: Extract<ToWorker, { kind: 'exchange' }>): Promise<void> {
  const { link } = asked
  const parts: Buffer[] = []
  let error: string | null = null
  try {
    await session.exchange(link, asked.message, asked.complete, (part) => parts.push(part))
  } catch (cause) {
    error = cause instanceof Error ? cause.message : String(cause)
  }
  const data = new Uint8Array(Buffer.concat(parts))
  send({ kind: 'answer', link, data, error }, [data.buffer])
}

function send(message: FromWorker, moved: ArrayBuffer[] = []): void {
  port.postMessage(message, moved)
}
