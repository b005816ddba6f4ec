#include "functions/call_function.h"

// Samples of the Developer Guide.
namespace vesto::functions {

TEST_CASE("DATEADD clips months and lets years run over", "[functions]") {
  CHECK(Run("dateadd", "month", 12, DateOf("2016-02-29")) == "2017-02-28 00:00:00");
  CHECK(Run("dateadd", "year", 1, DateOf("2016-02-29")) == "2017-03-01 00:00:00");
  CHECK(Run("dateadd", "month", 1, DateOf("2008-04-30")) == "2008-05-30 00:00:00");
  CHECK(Run("dateadd", "month", 1, DateOf("2008-01-31")) == "2008-02-29 00:00:00");
  CHECK(Run("dateadd", "m", 30, DateOf("2008-02-28")) == "2008-02-28 00:30:00");
  CHECK(Run("dateadd", "month", 18, "2008-02-28") == "2009-08-28 00:00:00");
  CHECK(Run("dateadd", "qtr", -1, DateOf("2008-02-28")) == "2007-11-28 00:00:00");
  CHECK(Run("dateadd", "week", 2, TimestampOf("2008-02-28 10:00")) == "2008-03-13 10:00:00");
  CHECK(Run("dateadd", "minutes", 30, V("23:50:00", Type::Time())) == "00:20:00");
  CHECK(Run("dateadd", "fortnight", 1, DateOf("2008-02-28")) ==
        "22023: timestamp units \"fortnight\" not recognized");
  CHECK(Run("dateadd", "year", int64_t{99999999999}, DateOf("2008-02-28")) ==
        "22008: timestamp out of range");
  CHECK(Run("dateadd", "day", Value::Null(), DateOf("2008-02-28")) == "NULL");
}

TEST_CASE("DATEDIFF counts boundaries", "[functions]") {
  CHECK(Run("datediff", "year", DateOf("2008-12-31"), DateOf("2009-01-01")) == "1");
  CHECK(Run("datediff", "hour", V("08:30", Type::Time()), V("10:00", Type::Time())) == "2");
  CHECK(Run("datediff", "week", DateOf("2009-01-01"), DateOf("2009-12-31")) == "52");
  CHECK(Run("datediff", "qtr", DateOf("1998-07-01"), DateOf("2009-07-01")) == "44");
  CHECK(Run("datediff", "day", DateOf("2009-01-02"), DateOf("2009-01-01")) == "-1");
  CHECK(Run("datediff", "hour", TimestampOf("2009-01-01 00:00"), DateOf("2009-01-02")) == "24");
  CHECK(Run("datediff", "month", "2020-01-31", "2020-02-01") == "1");
  CHECK(Run("datediff", "second", TimestampOf("2009-01-01 00:00:00.9"),
            TimestampOf("2009-01-01 00:00:01.1")) == "1");
  CHECK(Run("datediff", "century", DateOf("2000-12-31"), DateOf("2001-01-01")) == "1");
  CHECK(Run("datediff", "day", "x", "2020-02-01").substr(0, 5) == "22007");
}

TEST_CASE("DATE_PART keeps fractions, EXTRACT takes the part alone", "[functions]") {
  const Value moment = TimestampOf("2009-09-09 12:08:43.101");
  CHECK(Run("extract", "ms", moment) == "101");
  CHECK(Run("extract", "second", moment) == "43");
  CHECK(Run("date_part", "sec", V("11:10:03.189717", Type::Time())) == "3.189717");
  CHECK(Run("date_part", "ms", moment) == "43101");
  CHECK(Run("date_part", "dow", moment) == "3");
  CHECK(Run("date_part", "doy", DateOf("2008-12-31")) == "366");
  CHECK(Run("extract", "week", DateOf("2009-01-01")) == "1");
  CHECK(Run("extract", "year", DateOf("1995-06-17")) == "1995");
  CHECK(Run("extract", "month", DateOf("1995-06-17")) == "6");
  CHECK(Run("extract", "decade", DateOf("2004-06-17")) == "201");
  CHECK(Run("extract", "century", DateOf("2000-06-17")) == "20");
  CHECK(Run("extract", "quarter", DateOf("2000-10-17")) == "4");
  CHECK(Run("extract", "epoch", TimestampOf("2038-01-20 00:00")) == "2147558400");
  CHECK(Call("extract", "year", DateOf("1995-06-17"))->type() == Type::Integer());
  CHECK(Run("date_part_year", DateOf("1995-06-17")) == "1995");
  CHECK(Run("date_part", "minute", "2008-10-01 11:59") == "59");
}

TEST_CASE("DATE_TRUNC", "[functions]") {
  const Value moment = TimestampOf("2020-04-30 22:56:33.123456");
  CHECK(Run("date_trunc", "hour", moment) == "2020-04-30 22:00:00");
  CHECK(Run("date_trunc", "week", moment) == "2020-04-27 00:00:00");
  CHECK(Run("date_trunc", "quarter", DateOf("2020-05-30")) == "2020-04-01 00:00:00");
  CHECK(Run("date_trunc", "decade", moment) == "2020-01-01 00:00:00");
  CHECK(Run("date_trunc", "century", moment) == "2001-01-01 00:00:00");
  CHECK(Run("date_trunc", "ms", moment) == "2020-04-30 22:56:33.123");
  CHECK(Run("date_trunc", "month", TimestampOf("1969-12-15 01:00")) == "1969-12-01 00:00:00");
}

TEST_CASE("months", "[functions]") {
  CHECK(Run("last_day", DateOf("2004-02-10")) == "2004-02-29");
  CHECK(Run("add_months", DateOf("2008-03-31"), 1) == "2008-04-30 00:00:00");
  CHECK(Run("add_months", DateOf("2008-04-30"), 1) == "2008-05-31 00:00:00");
  CHECK(Run("add_months", "2008-01-01 05:07:30", 1) == "2008-02-01 05:07:30");
  CHECK(Run("months_between", DateOf("1969-01-18"), DateOf("1969-03-18")) == "-2");
  CHECK(Run("months_between", DateOf("2020-03-31"), DateOf("2020-02-29")) == "1");
  CHECK(Run("months_between", DateOf("1969-03-20"), DateOf("1969-01-18")) == "2.06451612903226");
  CHECK(Run("next_day", DateOf("2014-08-20"), "Tuesday") == "2014-08-26");
  CHECK(Run("next_day", DateOf("2014-08-19"), "tu") == "2014-08-26");
}

TEST_CASE("time zones", "[functions]") {
  CHECK(Run("convert_timezone", "EST", "PST", TimestampOf("2008-03-05 12:25:29")) ==
        "2008-03-05 09:25:29");
  CHECK(Run("convert_timezone", "US/Eastern", TimestampOf("2013-02-01 08:00:00")) ==
        "2013-02-01 03:00:00");
  CHECK(Run("convert_timezone", "GMT", "NEWZONE-2:15", "2014-05-17 12:00:00") ==
        "2014-05-17 14:15:00");
  CHECK(Run("timezone", "MST", TimestampOf("2001-02-16 20:38:40")) == "2001-02-17 03:38:40+00");
}

TEST_CASE("date operators", "[functions]") {
  const Value year = Value::OfInteger(Type::IntervalYearToMonth(), 12);
  const Value day = Value::OfInteger(Type::IntervalDayToSecond(), int64_t{86400} * 1000000);
  CHECK(Run("+", DateOf("2020-02-28"), 2) == "2020-03-01");
  CHECK(Run("+", 2, DateOf("2020-02-28")) == "2020-03-01");
  CHECK(Run("-", DateOf("2020-03-01"), 1) == "2020-02-29");
  CHECK(Run("-", DateOf("2020-03-01"), DateOf("2020-02-01")) == "29");
  CHECK(Run("+", DateOf("2020-02-29"), year) == "2021-02-28");
  CHECK(Run("-", DateOf("1998-12-01"), day) == "1998-11-30 00:00:00");
  CHECK(Run("+", DateOf("2020-02-28"), V("10:30", Type::Time())) == "2020-02-28 10:30:00");
  CHECK(Run("+", day, TimestampOf("2020-02-28 01:00")) == "2020-02-29 01:00:00");
  CHECK(Call("-", TimestampOf("2020-02-28"), TimestampOf("2020-02-27"))->integer() ==
        int64_t{86400} * 1000000);
  CHECK(Call("*", year, 2)->integer() == 24);
  CHECK(Call("/", day, 2)->integer() == int64_t{43200} * 1000000);
  CHECK(Run("-", TimestampOf("2020-03-01 10:00"), 1) == "2020-02-29 10:00:00");
  CHECK(Run("-", TimestampOf("2020-03-01 10:00"), V("0.5", Type::Decimal(2, 1))) ==
        "2020-02-29 22:00:00");
  CHECK(Run("+", TimestampOf("2020-03-01 10:00"), 2147483647).substr(0, 5) == "22008");
  CHECK(Run("-", DateOf("2020-03-01"), "2020-02-01") == "29");
  CHECK(Call("-", DateOf("2020-03-01"), TimestampOf("2020-02-29"))->type() ==
        Type::IntervalDayToSecond());
  CHECK(Run("+", DateOf("2020-02-28"), 2147483647).substr(0, 5) == "22008");
}

TEST_CASE("dates written and read after a pattern", "[functions]") {
  const Value moment = TimestampOf("2009-12-31 23:15:59");
  CHECK(Run("to_char", moment, "MONTH-DY-DD-YYYY HH12:MIPM") == "DECEMBER -THU-31-2009 11:15PM");
  CHECK(Run("to_char", moment, "Q") == "4");
  CHECK(Run("to_char", DateOf("2009-12-31"), "FMMonth DDth, YYYY") == "December 31st, 2009");
  CHECK(Run("to_char", TimestampOf("1998-10-12"), "WW") == "41");
  CHECK(Run("to_date", "02 Oct 2001", "DD Mon YYYY") == "2001-10-02");
  CHECK(Run("to_date", "20010631", "YYYYMMDD") == "2001-07-01");
  CHECK(Run("to_date", "20010631", "YYYYMMDD", true) ==
        "22008: date/time field date value out of range: 2001-6-31");
  CHECK(Run("to_timestamp", "2011-12-18 24:38:15", "YYYY-MM-DD HH24:MI:SS") ==
        "2011-12-19 00:38:15+00");
  CHECK(Run("to_timestamp", "2011-12-18 24:38:15", "YYYY-MM-DD HH24:MI:SS", true) ==
        "22008: date/time field time value out of range: 24:38:15.0");
  CHECK(Run("to_timestamp", "05 Dec 2000", "DD Mon YYYY") == "2000-12-05 00:00:00+00");
}

TEST_CASE("clocks answer from the context alone", "[functions]") {
  EvalContext context;
  context.transaction_start_micros = 1'000'000'123'456;
  context.statement_start_micros = 1'000'001'999'999;
  CHECK(types::ValueToText(*CallValues("sysdate", {}, context), context.text) ==
        "1970-01-12 13:46:40.123456");
  CHECK(types::ValueToText(*CallValues("getdate", {}, context), context.text) ==
        "1970-01-12 13:46:41");
  CHECK(types::ValueToText(*CallValues("current_date", {}, context), context.text) == "1970-01-12");
}

}  // namespace vesto::functions
