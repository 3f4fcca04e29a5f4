/** Every subject once a round; who goes first changes, so that a machine that warms up or tires favours nobody. */
export function* inTurn<T>(subjects: readonly T[], rounds: number): Generator<{ round: number; subject: T }> {
	for (let round = 1; round <= rounds; round += 1) {
		const first = round % subjects.length;
		for (const subject of [...subjects.slice(first), ...subjects.slice(0, first)]) yield { round, subject };
	}
}
