import type {
  AnswerDocument,
  AnswerTable,
  MessagePart,
  Question,
  RequestCost,
} from '../../../shared/assistant-protocol.ts'
import { usdFromNanoUsd } from '../../../shared/money.ts'
import type { BrainEvent, PastMessage } from '../brain.ts'
import { SafeText, safeWords } from './safe-text.ts'
import type { EventLog } from './event-log.ts'

/** What a turn has shown so far: the text, its parts, and what the brain wants to remember. */
export class Answer {
  readonly parts: MessagePart[] = []
  text = ''
  memory: unknown = null
  question: Question | null = null
  readonly spent = { model_calls: 0, input_tokens: 0, output_tokens: 0, nano_usd: 0n }
  private readonly safe: SafeText
  private readonly siteUrl: string
  private readonly log: EventLog
  private readonly tables = new Set<string>()

  constructor(log: EventLog, siteUrl: string) {
    this.log = log
    this.siteUrl = siteUrl
    this.safe = new SafeText(siteUrl)
  }

  isEmpty(): boolean {
    return this.text === '' && this.parts.length === 0
  }

  take(event: Exclude<BrainEvent, { type: 'pass' }>): void {
    if (event.type === 'text') return this.show(this.safe.push(event.text))
    this.endText()
    if (event.type === 'memory') this.memory = event.memory
    else if (event.type === 'notice') this.add({ ...event })
    else if (event.type === 'document') this.addDocument(event.document)
    else this.addTable(event.table)
  }

  /** A short text of a model or a site, made harmless. */
  clean(text: string): string {
    return safeWords(text, this.siteUrl)
  }

  /** Takes a question for the end of the turn; its words are a model's and cleaned like any text. */
  ask(question: Question): void {
    const clean = (text: string): string => this.clean(text)
    this.question = {
      ...question,
      text: clean(question.text),
      options: question.options.map(({ value, label, description }) => ({
        value,
        label: clean(label),
        description: description === null ? null : clean(description),
      })),
    }
  }

  /** Shows what the sanitiser still held back. */
  endText(): void {
    this.show(this.safe.end())
  }

  add(part: MessagePart): void {
    this.parts.push(part)
    this.log.append({ type: 'part.added', part })
  }

  charge(call: { input_tokens: number; output_tokens: number; nano_usd: bigint }): void {
    this.spent.model_calls += 1
    this.spent.input_tokens += call.input_tokens
    this.spent.output_tokens += call.output_tokens
    this.spent.nano_usd += call.nano_usd
    this.log.append({ type: 'usage.recorded', cost: costOf(this.spent) })
  }

  /** The answer as later turns look back on it; cards count as documents once they are applied. */
  asPast(): Omit<PastMessage, 'role'> {
    const documents = this.parts.flatMap((part) => {
      if (part.type !== 'document') return []
      const { doctype, name, title } = part.document
      return [{ doctype, name, title }]
    })
    const tables = this.parts.flatMap((part) => (part.type === 'table' ? [part.table] : []))
    return { text: this.text, documents, tables, memory: this.memory }
  }

  private show(text: string): void {
    if (text === '') return
    this.text += text
    this.log.append({ type: 'text.delta', text })
  }

  private addDocument(document: AnswerDocument): void {
    this.add({ type: 'document', document })
  }

  /** The same table is shown once, however often it is yielded. */
  private addTable(table: AnswerTable): void {
    const key = JSON.stringify([table.title, table.desk_path, table.rows])
    if (this.tables.has(key)) return
    this.tables.add(key)
    this.add({ type: 'table', table: { ...table, title: this.clean(table.title) } })
  }
}

export function costOf(spent: Answer['spent']): RequestCost {
  return {
    model_calls: spent.model_calls,
    input_tokens: spent.input_tokens,
    output_tokens: spent.output_tokens,
    usd: usdFromNanoUsd(spent.nano_usd),
  }
}
