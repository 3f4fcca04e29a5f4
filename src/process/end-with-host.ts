/**
 * Has the processes of an instance end when this process does, however it ends: a program that others wrote around httpfn may be
 * killed, or exit, without a word. A shell waits for the end of a pipe that only this process holds, and then ends the group of the
 * instance, and whoever left that, by their marker.
 */
import { findBash } from './find-bash.ts';
import { MARKER_NAME } from './instance-marker.ts';
import { spawnTethered } from './spawn.ts';

/** `$1` is the group, `$2` the variable with the marker. The shell's own words only: each program would have to be there. */
const SCRIPT = `
read -r _
kill -KILL -- "-$1"
for folder in /proc/[0-9]*; do
  while IFS= read -r -d "" variable; do
    if [[ $variable == "$2" ]]; then kill -KILL "\${folder#/proc/}"; fi
  done <"$folder/environ"
done`;

export interface Endangered {
	/** Leader of its group. */
	readonly pid: number;
	readonly marker: string;
}

/** Until the function that it answers is called. Where no shell can be started, the next httpfn ends what is left. */
export function endWithHost({ pid, marker }: Endangered, path: string | undefined): () => void {
	return spawnTethered({
		command: findBash(path),
		args: ['-c', SCRIPT, 'httpfn', `${pid}`, `${MARKER_NAME}=${marker}`],
		cwd: '/',
		environment: {},
	});
}
