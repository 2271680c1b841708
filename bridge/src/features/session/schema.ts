import { z } from 'zod'
import { TEAM_ROLES } from '../../http/index.ts'

export const personSchema = z
  .object({
    user: z.string(),
    full_name: z.string(),
    email: z.string(),
    image: z.string().nullable(),
    language: z.string().meta({ description: 'BCP 47' }),
    time_zone: z.string().meta({ description: 'IANA zone of the site' }),
    display_time_zone: z
      .string()
      .meta({ description: "IANA zone the person reads times in: their own, else the site's" }),
    currency: z.string(),
    number_format: z.string().meta({ example: '#,###.##' }),
    date_format: z.string().meta({ example: 'dd-mm-yyyy' }),
    time_format: z.string().meta({ example: 'HH:mm:ss' }),
    float_precision: z.int().meta({ description: 'Decimals of numbers that are no money' }),
    currency_precision: z
      .int()
      .nullable()
      .meta({ description: 'Decimals of money; null for as many as the number format shows' }),
    currencies: z
      .record(
        z.string(),
        z.object({
          symbol: z.string(),
          on_right: z.boolean(),
          number_format: z.string().nullable(),
        }),
      )
      .meta({ description: 'How amounts of the currencies in use are written, by code' }),
    site: z.string(),
  })
  .meta({ id: 'Person' })

export const teamSchema = z
  .object({ id: z.string(), name: z.string(), role: z.enum(TEAM_ROLES) })
  .meta({ id: 'TeamOfPerson' })

export const signedInSchema = z
  .object({
    access_token: z.string(),
    token_type: z.literal('Bearer'),
    expires_in: z.int().meta({ description: 'Seconds' }),
    refresh_token: z
      .string()
      .nullable()
      .meta({ description: 'Null in Desk: there the ERPNext session renews' }),
    person: personSchema,
    team: teamSchema,
  })
  .meta({ id: 'SignedIn' })

export const exchangeBody = z
  .union([
    z.object({ access_token: z.string().min(1).max(4000) }),
    z.object({ api_key: z.string().min(1).max(200), api_secret: z.string().min(1).max(200) }),
    z.object({ code: z.string().min(1).max(200) }),
  ])
  .meta({
    description:
      'A bearer of `steward.api.session.grant`, an API key pair, or the code the OAuth sign-in came back with.',
  })

export const refreshBody = z.object({ refresh_token: z.string().min(1).max(200) })

export const meSchema = z
  .object({
    person: personSchema,
    team: teamSchema,
    roles: z.array(z.string()),
  })
  .meta({ id: 'Me' })

export const oauthStartQuery = z.object({ return_to: z.url() })
export const oauthCallbackQuery = z.object({
  code: z.string().optional(),
  /** Frappe leaves it out when the person denies. */
  state: z.string().optional(),
  error: z.string().optional(),
})
export const jwksSchema = z.object({ keys: z.array(z.record(z.string(), z.unknown())) })
