/** Questions to another process, each with a number that its answer names. */
export class Questions<Answer> {
	readonly #open = new Map<number, (answer: Answer | PromiseLike<Answer>) => void>();
	#asked = 0;

	/** `send` tells the question under its number. Resolves with the answer. */
	ask(send: (number: number) => void): Promise<Answer> {
		this.#asked += 1;
		const { promise, resolve } = Promise.withResolvers<Answer>();
		this.#open.set(this.#asked, resolve);
		send(this.#asked);
		return promise;
	}

	/** A number that nobody asked under is harmless. */
	answer(number: number, answer: Answer | PromiseLike<Answer>): void {
		this.#open.get(number)?.(answer);
		this.#open.delete(number);
	}
}
