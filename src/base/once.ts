/** What `make` answers, made when it is first asked for, and only then: what a start would make and seldom needs. */
export function once<Value>(make: () => Value): () => Value {
	let made: { readonly value: Value } | null = null;
	return () => {
		made ??= { value: make() };
		return made.value;
	};
}
