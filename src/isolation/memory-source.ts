/** How much memory an instance uses, to whoever watches it. */
export interface MemorySource {
	/**
	 * What only it needs, and cannot be dropped: heaps, stacks and shared memory, without page cache and without files in its /tmp.
	 * Null when it is gone.
	 */
	usedBytes(): number | null;
	/** Where the kernel has ended a process of it for its own bound's sake: the most it used; else null. */
	killedAtBytes(): number | null;
}
