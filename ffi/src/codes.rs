//! The table of status codes: the rows of the core, and those that only C can give.
//!
//! The header's `MJWT_OK` and `MJWT_ERR_` lines come out of it, as do the names and messages of a
//! status.

use mastra_jwt_core::CODES;

/// One row: number, name, and one English sentence.
#[derive(Clone, Copy)]
pub(crate) struct Row {
    pub(crate) code: u32,
    pub(crate) name: &'static str,
    pub(crate) message: &'static str,
}

pub(crate) const OK: Row = Row { code: 0, name: "OK", message: "success" };
pub(crate) const NULL_POINTER: Row =
    Row { code: 1, name: "NULL_POINTER", message: "a pointer is NULL that must not be" };
/// Reserved: when no memory is left, the process ends, as everywhere in Rust.
pub(crate) const NO_MEMORY: Row = Row { code: 4, name: "NO_MEMORY", message: "out of memory" };
pub(crate) const PANIC: Row =
    Row { code: 5, name: "PANIC", message: "internal error: a defect of this library was caught" };
pub(crate) const CLAIM_ABSENT: Row = Row { code: 41, name: "CLAIM_ABSENT", message: "the claim is absent" };

const OWN: [Row; 5] = [OK, NULL_POINTER, NO_MEMORY, PANIC, CLAIM_ABSENT];

/// All rows, in the order of their codes.
pub(crate) const ROWS: [Row; OWN.len() + CODES.len()] = {
    let mut rows = [OK; OWN.len() + CODES.len()];
    let (mut own, mut core) = (0, 0);
    while own + core < rows.len() {
        if core == CODES.len() || own < OWN.len() && OWN[own].code < CODES[core].code {
            rows[own + core] = OWN[own];
            own += 1;
        } else {
            let row = &CODES[core];
            assert!(own == OWN.len() || row.code != OWN[own].code, "a code of the core belongs to C");
            rows[own + core] = Row { code: row.code, name: row.name, message: row.message };
            core += 1;
        }
    }
    rows
};
