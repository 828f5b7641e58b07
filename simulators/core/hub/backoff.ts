/** How long a hub waits after so many failures, ms: anywhere between 0.2 s and a doubling ceiling (docs/reliability.md 5). */
export const laneDelay = (lane: 'alarm' | 'telemetry', failures: number, random: () => number): number => {
  const most = lane === 'alarm' ? 5_000 : 30_000
  return 200 + random() * (Math.min(most, 200 * 2 ** Math.min(failures, 20)) - 200)
}
