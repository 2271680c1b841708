import type { SandboxApp } from '../contract.ts'
import { coreControllers } from './controllers.ts'
import { deskDoctypes } from './desk.ts'
import { oauthDoctypes } from './oauth-doctypes.ts'
import { peopleDoctypes } from './people.ts'
import { recordDoctypes } from './records.ts'
import { seedCore } from './seed-core.ts'

/** Frappe itself, as the first app of every site. */
export const frappeApp: SandboxApp = {
  name: 'frappe',
  doctypes: [...recordDoctypes, ...peopleDoctypes, ...deskDoctypes, ...oauthDoctypes],
  controllers: coreControllers,
  methods: [],
  seed: seedCore,
}
