/** Options and answers as JSON of the WebAuthn standard. */
export type PasskeyJson = Readonly<Record<string, unknown>>

/** `gone`: the person closed the browser's own question, or it took too long; `known`: this authenticator has one already. */
export type PasskeyOutcome = { readonly answer: PasskeyJson } | { readonly failed: 'gone' | 'known' | 'unsupported' }

/** The browser's passkeys. */
export interface PasskeyDesk {
  /** False: this browser has none, or the page stands at a bare address, to which no passkey is bound. */
  readonly isHere: boolean
  make(options: PasskeyJson): Promise<PasskeyOutcome>
  show(options: PasskeyJson): Promise<PasskeyOutcome>
}
