// Times contenders in turn, so that whatever the machine does meanwhile hits all of them alike.

/**
 * A loop of its own for each contender, so that the engine compiles it for that contender alone.
 */
const sink = { last: undefined };
const loopOf = (run) =>
  new Function(
    'run',
    'sink',
    'return (runs) => { for (let turn = 0; turn < runs; turn++) sink.last = run(turn); }',
  )(run, sink);
const asyncLoopOf = (run) =>
  new Function(
    'run',
    'sink',
    'return async (runs) => { for (let turn = 0; turn < runs; turn++) sink.last = await run(turn); }',
  )(run, sink);

/**
 * What all threads of the process had of the processors, in nanoseconds: on a busy machine other
 * programs run in between.
 */
function processorTime() {
  const { user, system } = process.cpuUsage();
  return (user + system) * 1000;
}

async function timeOf(loop, runs) {
  const start = processorTime();
  await loop(runs);
  return processorTime() - start;
}

/** Warms up, and finds how many runs fill a batch. */
async function calibrate(loop, batch) {
  for (let runs = 1; ; runs *= 2) {
    const taken = await timeOf(loop, runs);
    if (taken >= batch) return Math.max(1, Math.round((runs * batch) / taken));
  }
}

const sorted = (numbers) => numbers.toSorted((a, b) => a - b);
const at = (numbers, share) => numbers[Math.round((numbers.length - 1) * share)];

/**
 * @param contenders `{ name, kind, run(turn), async?, what? }[]`; `turn` rotates through the
 *   tokens, `what` is more to say of it
 * @param effort `rounds`, and `batch` in nanoseconds: each round runs each contender for about that
 *   long
 * @returns `{ name, kind, ...what, ns, p25, p75, ratio }[]`; `ratio` is the median over the rounds
 *   of (this contender / the first one)
 */
export async function interleave(contenders, { rounds, batch }) {
  const all = contenders.map(({ run, async }) => ({
    loop: async ? asyncLoopOf(run) : loopOf(run),
    times: [],
  }));
  for (const one of all) one.runs = await calibrate(one.loop, batch);
  for (const one of all) one.runs = await calibrate(one.loop, batch); // once compiled, it is faster
  for (let round = 0; round < rounds; round++) {
    for (let place = 0; place < all.length; place++) {
      const one = all[(place + round) % all.length];
      one.times[round] = (await timeOf(one.loop, one.runs)) / one.runs;
    }
  }
  return contenders.map(({ name, kind, what }, who) => {
    const times = sorted(all[who].times);
    const ratio = at(sorted(all[who].times.map((time, round) => time / all[0].times[round])), 0.5);
    return { name, kind, ...what, ns: at(times, 0.5), p25: at(times, 0.25), p75: at(times, 0.75), ratio };
  });
}
