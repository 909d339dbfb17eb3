/** The name of a member that no provider knows, which the kit adds to test how unknown members are handled. */
export const unknownMember = "gentask_unknown_member"
