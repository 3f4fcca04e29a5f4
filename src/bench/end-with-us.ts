import process from 'node:process';

/** Leaders of groups of processes that must not outlive the benchmark, however it ends: each has a session of its own. */
const leaders = new Set<number>();

process.once('exit', () => {
	for (const pid of leaders) end(pid);
});

/** Until the function that it answers is called, the process `pid` leads a group that is asked to end when this process exits. */
export function endWithUs(pid: number): () => void {
	leaders.add(pid);
	return () => void leaders.delete(pid);
}

function end(pid: number): void {
	try {
		// httpfn ends its instances itself, if it is asked.
		process.kill(-pid, 'SIGTERM');
	} catch {
		// It is gone already.
	}
}
