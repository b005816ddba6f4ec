#include "functions/call_function.h"

// Samples of the Developer Guide.
namespace vesto::functions {

TEST_CASE("SUBSTRING counts from 1 and clips what lies before", "[functions]") {
  CHECK(Run("substring", "caterpillar", 6, 4) == "pill");
  CHECK(Run("substring", "caterpillar", 6, 8) == "pillar");
  CHECK(Run("substring", "caterpillar", -2, 6) == "cat");
  CHECK(Run("substring", "caterpillar", 0, 3) == "ca");
  CHECK(Run("substring", "caterpillar", 20, 3) == "");
  CHECK(Run("substring", "caterpillar", 6) == "pillar");
  CHECK(Run("substring", "caterpillar", -20, 6) == "");
  CHECK(Run("substring", "日本語", 2, 1) == "本");
  CHECK(Run("substring", "abc", 1, -1) == "22011: negative substring length not allowed");
  CHECK(Run("substring", "abc", 1, Value::Null()) == "NULL");
  CHECK(Run("substring", "abc", 2, 2147483647) == "bc");
}

TEST_CASE("LEFT, RIGHT, LPAD and RPAD", "[functions]") {
  CHECK(Run("left", "Chicago", 3) == "Chi");
  CHECK(Run("right", "Chicago", 3) == "ago");
  CHECK(Run("right", "日本語", 2) == "本語");
  CHECK(Run("left", "abc", 0) == "");
  CHECK(Run("lpad", "abc", 5) == "  abc");
  CHECK(Run("lpad", "abc", 8, "0123456789") == "01234abc");
  CHECK(Run("rpad", "abc", 6, "xy") == "abcxyx");
  CHECK(Run("lpad", "abcdef", 3) == "abc");
  CHECK(Run("lpad", "abc", -1) == "");
}

TEST_CASE("the trim family removes sets of characters", "[functions]") {
  CHECK(Run("btrim", "     abc    ") == "abc");
  CHECK(Run("btrim", "xyzaxyzbxyzcxyz", "xyz") == "axyzbxyzc");
  CHECK(Run("trim", "\"dog\"", "\"") == "dog");
  CHECK(Run("ltrim", "2008-01-01", "2008-") == "1-01");
  CHECK(Run("rtrim", "abcxx", "x") == "abc");
  CHECK(Run("btrim", "éaé", "é") == "a");
}

TEST_CASE("REPLACE, TRANSLATE, REVERSE and REPEAT", "[functions]") {
  CHECK(Run("replace", "Shows and shows", "hows", "x") == "Sx and sx");
  CHECK(Run("replace", "aaa", "", "x") == "aaa");
  CHECK(Run("translate", "mint tea", "inea", "osin") == "most tin");
  CHECK(Run("translate", "abc", "ab", "x") == "xc");
  CHECK(Run("reverse", "日本a") == "a本日");
  CHECK(Run("reverse", 123) == "321");
  CHECK(Run("repeat", "ab", 3) == "ababab");
  CHECK(Run("repeat", "ab", -1) == "");
}

TEST_CASE("SPLIT_PART counts parts from 1", "[functions]") {
  CHECK(Run("split_part", "abc$def$ghi", "$", 2) == "def");
  CHECK(Run("split_part", "abc$def$ghi", "$", 4) == "");
  CHECK(Run("split_part", "abc$def$ghi", "#", 1) == "abc$def$ghi");
  CHECK(Run("split_part", "abc$def$ghi", "$", 3) == "ghi");
  CHECK(Run("split_part", "abc", "$", 0) == "22023: field position must be greater than zero");
}

TEST_CASE("positions are in characters", "[functions]") {
  CHECK(Run("position", "dog", "fish") == "0");
  CHECK(Run("charindex", "fish", "dogfish") == "4");
  CHECK(Run("strpos", "dogfish", "fish") == "4");
  CHECK(Run("strpos", "日本語", "語") == "3");
  CHECK(Run("octetindex", "語", "日本語") == "7");
}

TEST_CASE("lengths and case", "[functions]") {
  CHECK(Run("len", "café") == "4");
  CHECK(Run("octet_length", "café") == "5");
  CHECK(Run("length", "abc  ") == "5");
  CHECK(Run("len", V("abc", Type::Char(10))) == "3");
  CHECK(Run("octet_length", V("abc", Type::Char(10))) == "10");
  CHECK(Run("upper", "äbc") == "ÄBC");
  CHECK(Run("lower", "ÄBC[") == "äbc[");
  CHECK(Run("initcap", "Nibh.enim@egestas_com x1y") == "Nibh.Enim@Egestas_Com X1y");
  CHECK(Run("ascii", "é") == "233");
  CHECK(Run("ascii", "") == "0");
  CHECK(Run("chr", 65) == "A");
  CHECK(Run("chr", 300) == "NULL");
}

TEST_CASE("concatenation is NULL where either side is", "[functions]") {
  CHECK(Run("concat", "December 25, ", "2008") == "December 25, 2008");
  CHECK(Run("||", "a", Value::Null()) == "NULL");
  CHECK(Run("||", "n = ", 5) == "n = 5");
}

TEST_CASE("SOUNDEX and DIFFERENCE", "[functions]") {
  CHECK(Run("soundex", "Amazon") == "A525");
  CHECK(Run("soundex", "+-*/%") == "");
  CHECK(Run("soundex", "Robert") == "R163");
  CHECK(Run("soundex", "Ashcraft") == "A261");
  CHECK(Run("difference", "Amazon", "+-*/%") == "0");
  CHECK(Run("difference", "+-*/%", "+-*/%") == "1");
  CHECK(Run("difference", "Amazon", "Ama-zon") == "4");
}

TEST_CASE("quoting", "[functions]") {
  CHECK(Run("quote_ident", "\"CAT\"") == "\"\"\"CAT\"\"\"");
  CHECK(Run("quote_ident", "cat_1") == "cat_1");
  CHECK(Run("quote_ident", "Foo Bar") == "\"Foo Bar\"");
  CHECK(Run("quote_literal", "it's") == "'it''s'");
}

TEST_CASE("regular expression functions", "[functions]") {
  CHECK(Run("regexp_count", "abcdefghijklmnopqrstuvwxyz", "[a-z]{3}") == "8");
  CHECK(Run("regexp_count", "the fox", "FOX", 1, "i") == "1");
  CHECK(Run("regexp_count", "passwd7 plain A1234 a1234", "(?=[^ ]*[a-z])(?=[^ ]*[0-9])[^ ]+", 1,
            "p") == "2");
  CHECK(Run("regexp_count", "abc", "b", 10) == "0");
  CHECK(Run("regexp_instr", "the fox", "FOX", 1, 1, 0, "i") == "5");
  CHECK(Run("regexp_instr", "The Home Depot Center", "[cC]ent(er|re)$") == "16");
  CHECK(Run("regexp_instr", "abcabc", "b", 1, 2) == "5");
  CHECK(Run("regexp_instr", "abcabc", "b", 1, 2, 1) == "6");
  CHECK(Run("regexp_instr", "abcabc", "b", 1, 3) == "0");
  CHECK(Run("regexp_substr", "dog.fish@example.com", "@[^.]*") == "@example");
  CHECK(Run("regexp_substr", "the fox", "FOX", 1, 1, "i") == "fox");
  CHECK(Run("regexp_substr", "abc", "x") == "");
  CHECK(Run("regexp_substr", "abcb", "b", 1, 3) == "NULL");
  CHECK(Run("regexp_substr", "abc", "b", 1, 0) == "NULL");
  CHECK(Run("regexp_substr", "id=42;", "id=([0-9]+)", 1, 1, "e") == "42");
  CHECK(Run("regexp_replace", "Etiam.laoreet@sem.edu", "@.*\\.(org|gov|com|edu|ca)") ==
        "Etiam.laoreet");
  CHECK(Run("regexp_replace", "the fox", "FOX", "quick brown fox", 1, "i") ==
        "the quick brown fox");
  CHECK(Run("regexp_replace", "John Smith", "([A-Za-z]+) ([A-Za-z]+)", "$2, $1") == "Smith, John");
  CHECK(Run("regexp_replace", "a1b22", "[0-9]+", "") == "ab");
  CHECK(Run("regexp_replace", "abc", "b", "x", 10) == "abc");
  CHECK(Run("regexp_replace", "abc", "x*", "-") == "-a-b-c-");
  CHECK(Run("regexp_count", "x", "(") == "2201B: invalid regular expression: missing ): (");
}

TEST_CASE("JSON on strings", "[functions]") {
  const std::string doc = R"({"f2":{"f3":1},"f4":{"f5":99,"f6":"star"},"n":null,"x":1.50})";
  CHECK(Run("json_extract_path_text", doc, "f4", "f6") == "star");
  CHECK(Run("json_extract_path_text", doc, "f4") == R"({"f5":99,"f6":"star"})");
  CHECK(Run("json_extract_path_text", doc, "x") == "1.50");
  CHECK(Run("json_extract_path_text", doc, "n") == "NULL");
  CHECK(Run("json_extract_path_text", doc, "zz") == "NULL");
  CHECK(Run("json_extract_path_text", "{bad", "a") == "22P02: JSON parsing error");
  CHECK(Run("json_extract_path_text", "{bad", "a", true) == "NULL");
  CHECK(Run("json_extract_path_text", R"({"a":[10,{"b":"c"}]})", "a", "1", "b") == "c");
  CHECK(Run("json_extract_array_element_text", "[111,112,113]", 2) == "113");
  CHECK(Run("json_extract_array_element_text", R"(["a",["b",1,["c",2,3,null]]])", 1) ==
        R"(["b",1,["c",2,3,null]])");
  CHECK(Run("json_extract_array_element_text", "[1]", 5) == "");
  CHECK(Run("json_extract_array_element_text", "[1", 0) == "22P02: JSON parsing error");
  CHECK(Run("json_array_length", R"([11,12,13,{"f1":21,"f2":[25,26]},14])") == "5");
  CHECK(Run("json_array_length", R"([11,12)", true) == "NULL");
  CHECK(Run("is_valid_json", "{\"a\":[1]}") == "t");
  CHECK(Run("is_valid_json", "{1:\"a\"}") == "f");
  CHECK(Run("is_valid_json", "[1,2,3]") == "f");
  CHECK(Run("is_valid_json_array", "[1,2,3]") == "t");
  CHECK(Run("can_json_parse", "[1") == "f");
  CHECK(Run("can_json_parse", "1") == "t");
}

TEST_CASE("digests", "[functions]") {
  CHECK(Run("md5", "Amazon Redshift") == "f7415e33f972c03abd4f3fed36748f7a");
  CHECK(Run("sha1", "abc") == "a9993e364706816aba3e25717850c26c9cd0d89d");
  CHECK(Run("sha2", "abc", 256) ==
        "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  CHECK(Run("sha2", "abc", 0) == Run("sha2", "abc", 256));
  CHECK(Run("sha2", "abc", 1) == "");
  CHECK(Run("crc32", "Amazon Redshift") == "f2726906");
  CHECK(Run("fnv_hash", 1) == "-5968735742475085980");
  CHECK(Run("fnv_hash", Value::Smallint(1)) == "589727492704079044");
  CHECK(Run("fnv_hash", int64_t{1}) == "-8517097267634966620");
  const auto chained = Call("fnv_hash", "cd", Call("fnv_hash", "ab")->integer());
  CHECK(chained->integer() == -281581062704388899);
  CHECK(Run("fnv_hash", "abcd") == "-281581062704388899");
  // Apache Iceberg specification, Appendix B.
  CHECK(Run("murmur3_32_hash", 34) == "2017239379");
  CHECK(Run("murmur3_32_hash", V("14.20", Type::Decimal(9, 2))) == "-500754589");
  CHECK(Run("murmur3_32_hash", "iceberg") == "1210000089");
  CHECK(Run("murmur3_32_hash", DateOf("2017-11-16")) == "-653330422");
  CHECK(Run("strtol", "abcd1234", 16) == "2882343476");
  CHECK(Run("strtol", "1234567", 10) == "1234567");
  CHECK(Run("strtol", "-0xff", 16) == "-255");
  CHECK(Run("strtol", "110101", 2) == "53");
  CHECK(Run("strtol", "12x", 10).substr(0, 6) == "22P02:");
}

TEST_CASE("VARBYTE", "[functions]") {
  CHECK(Run("from_hex", "6162") == "6162");
  CHECK(Run("to_hex", int64_t{2147676847}) == "8002f2af");
  CHECK(Run("to_hex", Value::Varbyte("ab")) == "6162");
  CHECK(Run("to_varbyte", "aa", "hex") == "aa");
  CHECK(Run("from_varbyte", Value::Varbyte("abc"), "UTF-8") == "abc");
  CHECK(Run("from_varbyte", Value::Varbyte("a"), "binary") == "01100001");
  CHECK(Run("getbit", Value::Varbyte("\x01\x80"), 7) == "1");
  CHECK(Run("getbit", Value::Varbyte("\x01\x80"), 8) == "1");
  CHECK(Run("getbit", Value::Varbyte("a"), 8) == "22023: bit index out of range");
  CHECK(Run("substring", Value::Varbyte("abcdef"), 2, 3) == "626364");
  CHECK(Run("len", Value::Varbyte("é")) == "2");
  CHECK(Run("from_hex", "6").substr(0, 6) == "22P02:");
}

}  // namespace vesto::functions
