// Bugs that are planted on purpose: a harness that does not see them proves nothing (reliability.md 10 rule 5).

export const plantedBugs = [
  'pages-forgotten-at-restart',
  'pages-once',
  'pages-after-acceptance',
  'pages-the-other-name-space',
  'acceptance-forgotten-at-restart',
  'two-owners',
  'forgotten-stays-taken',
  'server-answers-before-commit',
  'hub-answers-before-commit',
  'ends-lost',
  'one-kind-of-alarm-lost',
  'late-records-ring',
  'repeated-batch-opens-another-episode',
  'silence-is-no-alarm',
  'alarm-of-nothing',
] as const
export type PlantedBug = (typeof plantedBugs)[number]
