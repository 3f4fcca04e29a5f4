import { RuntimeError } from '../contract/errors.ts';
import type { Isolation } from '../process/sandbox.ts';

/** Where all instances share the port of the host there is room for one function. ERR_ISOLATION_UNAVAILABLE for more. */
export function judgeRoom(
	{ kind, instancesMax }: Pick<Isolation, 'kind' | 'instancesMax'>,
	count: number,
): void {
	if (count <= instancesMax) return;
	const found = `found ${count} functions or versions, and ${kind} isolation, which has room for ${instancesMax}`;
	throw new RuntimeError(
		'ERR_ISOLATION_UNAVAILABLE',
		`Could not serve: ${found}; wanted one, or a host with namespaces`,
	);
}
