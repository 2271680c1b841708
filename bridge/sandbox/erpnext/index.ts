import type { SandboxApp } from '../site/contract.ts'
import { controllers } from './controllers/index.ts'
import { makePaymentRequest } from './controllers/payments/payment-request.ts'
import { doctypes } from './doctypes/index.ts'
import { makeMethods } from './mappings/index.ts'
import { runReport } from './reports/index.ts'
import { seedSite } from './seed/index.ts'

/** ERPNext's everyday part as an app of the sandbox. */
export const erpnextApp: SandboxApp = {
  name: 'erpnext',
  doctypes,
  controllers,
  methods: [...makeMethods, makePaymentRequest],
  seed: seedSite,
  runReport,
}

export { makeMethods }
export { SAMPLE_USERS } from './seed/index.ts'
