/** The first release of Node 24 with the security fixes of 2026-10 (TLS, DNS, HTTP agent, Brotli). */
export const nodeFloor = '24.22.1'

const parts = (version: string): readonly number[] => version.replace(/^v/, '').split('.').map(Number)

/** Whether a Node, given as `v24.21.0`, lacks security fixes that a machine in production needs. */
export const isBelowNodeFloor = (version: string): boolean => {
  const [have, need] = [parts(version), parts(nodeFloor)]
  const difference = need.map((part, index) => (have[index] ?? 0) - part).find((step) => step !== 0) ?? 0
  return difference < 0
}
