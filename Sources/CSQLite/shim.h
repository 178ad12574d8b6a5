// Swift cannot call functions with a variable number of arguments. What is called is declared here:
// with all of sqlite3.h its types would belong to two modules.
//
// SQLite counts its memory under one lock that each allocation of every connection takes. Nobody
// reads the figures. To be called before SQLite is first used; afterwards it changes nothing.
static inline void disable_memory_statistics(void) {
    extern int sqlite3_config(int option, ...);
    const int SQLITE_CONFIG_MEMSTATUS = 9;
    sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
}
