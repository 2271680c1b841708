import { lookup as resolve, type LookupAddress } from 'node:dns'
import { isIP, type LookupFunction } from 'node:net'
import ipaddr from 'ipaddr.js'
import { StewardError } from '../../shared/errors.ts'

/** Decides whether a provider's address may be called; the operator may allow private ones. */
export interface AddressGuard {
  /** Throws `address_not_allowed` for a URL that is not HTTP(S) or names a private address itself. */
  checkUrl(url: string): URL
  /**
   * A resolver for sockets that answers only allowed addresses. The connection goes to the very
   * address that was checked, so a name that changes its answer gains nothing.
   */
  lookup: LookupFunction
}

export interface AddressGuardOptions {
  allow_private: boolean
  /** Name resolution; the system's unless a test decides otherwise. */
  resolve?: typeof resolve
}

export function createAddressGuard(options: AddressGuardOptions): AddressGuard {
  const resolveName = options.resolve ?? resolve
  return {
    checkUrl: (url) => checkUrl(url, options.allow_private),
    lookup: (hostname, lookupOptions, callback) => {
      resolveName(hostname, { ...lookupOptions, all: true }, (error, found) => {
        if (error) return callback(error, '', 0)
        const addresses = found as LookupAddress[]
        const refused = addresses.find(
          (entry) => !options.allow_private && isPrivate(entry.address),
        )
        if (refused) return callback(notAllowed(hostname) as NodeJS.ErrnoException, '', 0)
        if (lookupOptions.all) return callback(null, addresses)
        const first = addresses[0]
        return first
          ? callback(null, first.address, first.family)
          : callback(notAllowed(hostname) as NodeJS.ErrnoException, '', 0)
      })
    },
  }
}

function checkUrl(text: string, allowPrivate: boolean): URL {
  const url = URL.canParse(text) ? new URL(text) : null
  if (url === null || !/^https?:$/.test(url.protocol) || url.username !== '') {
    throw new StewardError('address_not_allowed', 'The address must be a plain http or https URL.')
  }
  if (allowPrivate) return url
  const host = url.hostname.replace(/^\[|\]$/g, '')
  if ((isIP(host) !== 0 && isPrivate(host)) || /(^|\.)localhost$/i.test(host)) {
    throw notAllowed(host)
  }
  return url
}

/** Everything but public unicast is private: loopback, link-local, unique local, carrier NAT, reserved. */
function isPrivate(address: string): boolean {
  return ipaddr.process(address).range() !== 'unicast'
}

function notAllowed(host: string): StewardError {
  return new StewardError(
    'address_not_allowed',
    `${host} is a private address. The operator can allow it with STEWARD_ALLOW_PRIVATE_ENDPOINTS.`,
    { details: { host } },
  )
}
