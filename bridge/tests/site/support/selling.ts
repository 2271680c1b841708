import type { FieldValue, OperationInput } from '../../../src/shared/site-protocol.ts'
import { openBusiness } from './business.ts'
import type { Business } from './business.ts'
import { operation } from './steward-client.ts'
import { Workshop } from './workshop.ts'
import type { Member } from './workshop.ts'

type Values = Record<string, FieldValue>

/** A person who sells with Steward, in a workshop of one test file. */
export class SellingWorkshop extends Workshop {
  business!: Business
  person!: Member

  static async openSelling(): Promise<SellingWorkshop> {
    const plain = await Workshop.open()
    const workshop = new SellingWorkshop(plain.target)
    workshop.business = await openBusiness(workshop)
    workshop.person = await workshop.approver('person')
    return workshop
  }

  approver(word: string): Promise<Member> {
    return this.member(word, ['Sales User', 'Accounts User', 'Steward User'])
  }

  newQuotation(values?: Values): OperationInput {
    const quotation = this.business.quotation(values) as Values
    return operation({ action: 'create', doctype: 'Quotation', values: quotation })
  }

  newInvoice(): OperationInput {
    const values = this.business.invoice() as Values
    return operation({ action: 'create', doctype: 'Sales Invoice', values })
  }

  async countOf(doctype: string, filters: unknown[] = []): Promise<number> {
    return this.admin.call('frappe.client.get_count', { doctype, filters })
  }

  /** Quotations to the customers of this file: others may be selling at the same time. */
  countQuotations(): Promise<number> {
    const { customer, otherCustomer } = this.business
    return this.countOf('Quotation', [['party_name', 'in', [customer, otherCustomer]]])
  }

  /** What was applied is found by its customer, and taken away too. */
  override async close(): Promise<void> {
    await this.#forget('Quotation', 'party_name')
    await this.#forget('Sales Order', 'customer')
    await this.#forget('Sales Invoice', 'customer')
    await super.close()
  }

  async #forget(doctype: string, field: string): Promise<void> {
    const { customer, otherCustomer } = this.business
    const rows = await this.admin.list(doctype, {
      filters: [[field, 'in', [customer, otherCustomer]]],
      order_by: 'creation asc',
      limit_page_length: 0,
    })
    for (const row of rows) this.remember(doctype, String(row.name))
  }
}
