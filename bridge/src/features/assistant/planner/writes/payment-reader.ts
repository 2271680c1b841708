import { takeAmountAfter, takeDateAfter, Sentence } from '../language/index.ts'
import { mentionedDocuments, pronounTarget } from '../mentioned-documents.ts'
import type { PlannerTurn } from '../planner-turn.ts'
import { emptyPlan, nameSlot, type WritePlan } from './write-plan.ts'

const PAYMENT =
  /^\W*(?:please |can you |could you |now |then )*(?:record|register|book|enter|create|add|make|log|post|receive|pay|got|mark)\b.*(?:\bpayments?\b|\bpaid\b|\bpay\b|\breceived\b|\breceive\b|\bgot\b)|^\W*(?:please |can you |could you |now |then )*(?:payments? (?:of|for|against)|pay|mark .* (?:as )?paid|(?:[\w&.' -]{2,40}? )??(?:have |has |just )*(?:got|received|paid) [$€£]?\d+)\b/i

/** "record payment of 500 against ACC-SINV-…", "pay ACC-PINV-…", "mark it as paid". */
export async function readPayment(text: string, planner: PlannerTurn): Promise<WritePlan | null> {
  if (!PAYMENT.test(text)) return null
  const invoice =
    mentionedDocuments(text).find(({ doctype }) => PAYABLE.has(doctype)) ??
    pronounTarget(text, planner, 'Sales Invoice') ??
    pronounTarget(text, planner, 'Purchase Invoice')
  if (!invoice || !PAYABLE.has(invoice.doctype)) return null
  const plan = emptyPlan('mapped', 'Payment Entry')
  plan.from = { doctype: invoice.doctype, name: invoice.name }
  takePaymentWords(text, plan, invoice, planner)
  return plan
}

const PAYABLE = new Set(['Sales Invoice', 'Purchase Invoice', 'Sales Order', 'Purchase Order'])

function takePaymentWords(
  text: string,
  plan: WritePlan,
  invoice: { doctype: string; name: string },
  planner: PlannerTurn,
): void {
  const sentence = new Sentence(text)
  for (const { start, end } of mentionedDocuments(sentence.text)) sentence.takeSpan(start, end)
  const reference = sentence.take(
    /\b(?:with |by )?(?:reference|ref|cheque|check|transaction|transfer)(?: (?:no|number|id)\.?| ?#)?\s*:?\s*([a-z0-9][\w/-]*\d[\w/-]*)/,
  )
  if (reference) {
    const end = reference.index + reference[0].length
    plan.values.reference_no = sentence.spelled(end - reference[1]!.length, end)
    plan.values.reference_date = planner.turn.today
  }
  const date = takeDateAfter(sentence, 'dated|on|received on|paid on', planner.today)
  if (date) {
    plan.values.posting_date = date
    if (reference) plan.values.reference_date = date
  }
  const amount = takeAmountAfter(
    sentence,
    'payments? of|paid|receive|received|pay|got|for|of|amount',
  )
  if (amount !== null) {
    plan.values.paid_amount = amount
    plan.values.received_amount = amount
    plan.values.references = [
      {
        reference_doctype: invoice.doctype,
        reference_name: invoice.name,
        allocated_amount: amount,
      },
    ]
  }
  const mode = sentence.take(
    /(?:\b(?:by|via|in|through|with)|,) (cash|cheque|check|bank draft|wire transfer|credit card|bank transfer)\b/,
  )
  if (mode) plan.slots.push(nameSlot('field:mode_of_payment', ['Mode of Payment'], mode[1]!))
}
