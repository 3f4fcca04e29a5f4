/** Mounts that only the executable under test sees. */

/** Put before a command, has a shell run `script` among mounts of its own first. */
export function inOwnMounts(script: string): readonly string[] {
	return ['unshare', '--mount', 'sh', '-e', '-c', `mount --make-rprivate /; ${script}; exec "$@"`, 'sh'];
}

/** A script after which nothing can be written, /tmp and /run included. */
export const EVERYTHING_READ_ONLY = `for m in $(cut -d' ' -f5 /proc/self/mountinfo); do case $m in /proc*|/sys*|/dev*) ;; *) mount -o remount,bind,ro "$m";; esac; done`;
