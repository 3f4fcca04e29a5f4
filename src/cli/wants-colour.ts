/** Colours are for terminals, and for users who did not ask to be spared them (no-color.org: any value but none). */
export function wantsColour(terminal: boolean, environment: Readonly<Record<string, string>>): boolean {
	return terminal && (environment.NO_COLOR ?? '') === '';
}
