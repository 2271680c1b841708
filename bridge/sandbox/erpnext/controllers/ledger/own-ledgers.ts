/** What a voucher itself wrote never holds its cancelling back. */
export const OWN_LEDGERS = ['GL Entry', 'Stock Ledger Entry']
