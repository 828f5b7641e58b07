import { SigningHub } from './signing-hub.ts'

const asked = async (url: string, body: object): Promise<Record<string, unknown>> => {
  const headers = { 'content-type': 'application/json' }
  return Object(await (await fetch(url, { method: 'POST', headers, body: JSON.stringify(body) })).json())
}

/** A hub that was let in by this claim. */
export const enrolHub = async (serverUrl: string, claimId: string, code: string): Promise<SigningHub> => {
  const hub = new SigningHub()
  const { nonce } = await asked(`${serverUrl}/hub/v1/enrol-nonce`, { v: 1, claimId })
  const { keyId } = await asked(`${serverUrl}/hub/v1/enrol`, hub.enrolment(claimId, code, String(nonce)))
  hub.keyId = String(keyId)
  return hub
}
