/** Help is given even where the rest of the line is wrong; words after `--` are no options. */
export function asksForHelp(words: readonly string[]): boolean {
	const end = words.indexOf('--');
	return words.slice(0, end === -1 ? undefined : end).some((word) => word === '--help' || word === '-h');
}
