import type { Right } from '../catalog/records.ts';

/** Who makes a call, and what that user may do. */
export interface Identity {
	readonly name: string;
	readonly rights: ReadonlySet<Right>;
}
