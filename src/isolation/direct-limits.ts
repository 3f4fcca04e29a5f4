/** What of a function's settings direct isolation cannot keep. */
import type { SandboxSettings } from '../contract/sandbox-settings.ts';

export interface DirectLimits {
	/** Restrictions that would not hold, in the words of a config file: to serve without them would be to break a promise. */
	readonly refused: readonly string[];
	/** Settings that the user made, and that change nothing. */
	readonly ignored: readonly string[];
	/** Paths that were to be hidden, and can be read. What is exposed can be read too: that is kept. */
	readonly visible: readonly string[];
}

const USUAL_TMP_MB = 512;

export function directLimits({ tmpMb, egress, interpreters, hide }: SandboxSettings): DirectLimits {
	const refused: string[] = [];
	const ignored: string[] = [];
	if (egress.mode !== 'open') refused.push(`egress ${egress.mode}`);
	if (egress.disablePublicNetwork) refused.push('egress.disablePublicNetwork');
	if (egress.publicSource !== null) ignored.push('egress.publicSource');
	if (tmpMb !== USUAL_TMP_MB) ignored.push('tmp');
	if (Object.keys(interpreters).length > 0) ignored.push('interpreters');
	return { refused, ignored, visible: hide };
}
