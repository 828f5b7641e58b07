/** Not in TypeScript's library. Under the page's CSP a worker may only be made through the one policy that it names. */
interface TrustedTypes {
  createPolicy(
    name: string,
    rules: { readonly createScriptURL: (url: string) => string },
  ): { createScriptURL(url: string): URL }
}

// oxlint-disable-next-line no-var -- only a var declares a global
declare var trustedTypes: TrustedTypes | undefined
