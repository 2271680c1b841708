import type { Controller, WhitelistedMethod } from '../../../site/contract.ts'
import { numberOf, textOf } from '../../document-fields.ts'
import { refuse } from '../../refusal.ts'

export const paymentRequest: Controller = {
  validate(document, site) {
    const doctype = textOf(document, 'reference_doctype')
    const name = textOf(document, 'reference_name')
    if (!doctype || !name) refuse('To create a Payment Request reference document is required')
    if (!site.exists(doctype, name)) refuse(`${doctype} ${name} does not exist`)
    if (numberOf(document, 'grand_total') <= 0) refuse('Payment Request amount cannot be 0')
    document.status ||= 'Draft'
  },
  onSubmit(document, site) {
    const status = document.payment_request_type === 'Outward' ? 'Initiated' : 'Requested'
    site.dbSet('Payment Request', document.name, { status }, false)
    // As ERPNext's own, it makes what it wrote final before it sends the mail.
    site.commit()
    if (document.mute_email !== 1 && document.email_to) {
      const to = textOf(document, 'email_to')
      site.defer({ kind: 'mail', description: `Payment Request to ${to}`, run: () => undefined })
    }
  },
  onCancel(document, site) {
    site.dbSet('Payment Request', document.name, { status: 'Cancelled' }, false)
  },
}

/** ERPNext's helper that commits by itself; under a guard that is refused. */
export const makePaymentRequest: WhitelistedMethod = {
  name: 'erpnext.accounts.doctype.payment_request.payment_request.make_payment_request',
  run(site, args) {
    const doctype = textOf(args, 'dt')
    const invoice = site.getDoc(doctype, textOf(args, 'dn'))
    site.checkPermission(doctype, 'read', invoice)
    const isSales = doctype.startsWith('Sales')
    const request = site.insert({
      doctype: 'Payment Request',
      payment_request_type: isSales ? 'Inward' : 'Outward',
      company: invoice.company,
      currency: invoice.currency,
      party_type: isSales ? 'Customer' : 'Supplier',
      party: invoice[isSales ? 'customer' : 'supplier'],
      reference_doctype: doctype,
      reference_name: invoice.name,
      grand_total: numberOf(invoice, 'outstanding_amount') || numberOf(invoice, 'grand_total'),
      email_to: textOf(args, 'recipient_id') || textOf(invoice, 'contact_email'),
      subject: `Payment Request for ${invoice.name}`,
    })
    if (Number(args.submit_doc ?? 0)) site.submit(request)
    site.commit()
    return request
  },
}
