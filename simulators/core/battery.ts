// A lithium pack behind a simple gauge: what it shows falls slowly at first and fast towards the end.
const bend = 1.35

/** `charge` in 0..1; result in %. */
export const shownPercent = (charge: number): number => 100 * (1 - (1 - charge) ** bend)

/** The charge (0..1) at which the gauge shows that many %. */
export const chargeAt = (percent: number): number => 1 - (1 - percent / 100) ** (1 / bend)
