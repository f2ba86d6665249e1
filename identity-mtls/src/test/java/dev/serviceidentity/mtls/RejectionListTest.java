// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.mtls;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.reflect.Method;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.params.ParameterizedTest;

/**
 * What must be rejected: the list of the design, in its order and its words, and which classes show
 * each line. To be read beside the design; X is the SPIFFE X509-SVID, with its section. A test that
 * shows a line bears its number, and the lists ({@code RejectionList...Test}) have no others.
 */
class RejectionListTest {
  /** A line of the list, and the classes whose tests show it. */
  private record Line(int number, String words, Set<String> tests) {}

  private static final Pattern NUMBER = Pattern.compile("([0-9]+) .*");

  private static final List<Line> LIST =
      List.of(
          line(
              1, "wrong trust domain for the issuing bundle [X 5.2]", RejectionListNamesTest.class),
          line(2, "two SPIFFE URI SANs", RejectionListNamesTest.class),
          line(3, "spiffe and another URI SAN", RejectionListNamesTest.class),
          line(4, "no URI SAN", RejectionListNamesTest.class),
          line(5, "other scheme", RejectionListNamesTest.class),
          line(6, "query", RejectionListNamesTest.class),
          line(7, "fragment", RejectionListNamesTest.class),
          line(8, "port", RejectionListNamesTest.class),
          line(9, "userinfo", RejectionListNamesTest.class),
          line(10, "uppercase trust domain", RejectionListNamesTest.class),
          line(11, "uppercase scheme", RejectionListNamesTest.class),
          line(12, "percent-encoding", RejectionListNamesTest.class),
          line(13, "empty segment, '.', '..', trailing slash", RejectionListNamesTest.class),
          line(14, "non-ASCII, space, NUL", RejectionListNamesTest.class),
          line(15, "trust domain > 255, ID > 2048 bytes", RejectionListNamesTest.class),
          line(16, "root path as leaf [X 5.2]", RejectionListNamesTest.class),
          line(17, "CA:TRUE leaf", RejectionListLeavesTest.class),
          line(18, "keyCertSign leaf", RejectionListLeavesTest.class),
          line(19, "cRLSign leaf", RejectionListLeavesTest.class),
          line(20, "no keyUsage / no digitalSignature [X 4.3]", RejectionListLeavesTest.class),
          line(21, "EKU without client/serverAuth [X 4.4]", RejectionListLeavesTest.class),
          line(22, "expired", RejectionListLeavesTest.class, RejectionListChainsTest.class),
          line(23, "not yet valid", RejectionListLeavesTest.class, RejectionListChainsTest.class),
          line(24, "pathLen", RejectionListChainsTest.class),
          line(25, "intermediate not a CA or without keyCertSign", RejectionListChainsTest.class),
          line(26, "URI name constraints", RejectionListChainsTest.class),
          line(27, "signing certificate with a path", RejectionListChainsTest.class),
          line(28, "intermediate of another trust domain", RejectionListChainsTest.class),
          line(
              29,
              "weak keys and hashes",
              RejectionListLeavesTest.class,
              RejectionListChainsTest.class),
          line(
              30,
              "duplicate extension",
              RejectionListLeavesTest.class,
              RejectionListHandshakesTest.class),
          line(31, "unknown critical extension", RejectionListLeavesTest.class),
          line(
              32,
              "empty subject with non-critical SAN",
              RejectionListLeavesTest.class,
              RejectionListHandshakesTest.class),
          line(
              33,
              "chain > 10, > 64 KiB, duplicates, unrelated certificates",
              RejectionListChainsTest.class),
          line(34, "expired anchor", RejectionListChainsTest.class),
          line(35, "leaf pinned as anchor", RejectionListChainsTest.class),
          line(36, "self-signed", RejectionListChainsTest.class),
          line(
              37,
              "resumed session of an expired, denied or removed-root peer",
              ResumptionTest.class,
              CertificateCallersTest.class,
              OpenSslClientInteropTest.class),
          line(
              38,
              "no peer certificate: anonymous, never a fallback to a header",
              RejectionListHandshakesTest.class,
              CertificateCallersTest.class,
              HttpsServerTest.class),
          line(39, "right certificate, wrong key", RejectionListHandshakesTest.class),
          line(
              40,
              "negative or zero serial, v1, trailing DER bytes",
              RejectionListLeavesTest.class,
              RejectionListHandshakesTest.class),
          line(
              41, "from an untrusted peer (ignored and flagged)", RejectionListForwardedTest.class),
          line(
              42,
              "trusted proxy without header is not itself the caller",
              RejectionListForwardedTest.class),
          line(
              43,
              "several elements: append order, nearest hop last",
              RejectionListForwardedTest.class),
          line(44, "several header lines", RejectionListForwardedTest.class),
          line(45, "quoted ',' ';' '='", RejectionListForwardedTest.class),
          line(
              46,
              "backslash quote, unterminated quote, junk after it",
              RejectionListForwardedTest.class),
          line(47, "keys case-insensitive, values not", RejectionListForwardedTest.class),
          line(48, "duplicate URI", RejectionListForwardedTest.class),
          line(49, "duplicate By/Hash/Subject", RejectionListForwardedTest.class),
          line(50, "unknown key ignored, empty element refused", RejectionListForwardedTest.class),
          line(51, "By not us", RejectionListForwardedTest.class),
          line(52, "Hash ≠ Cert", RejectionListForwardedTest.class),
          line(
              53,
              "malformed or double URL-encoding, '+' is not a space",
              RejectionListForwardedTest.class),
          line(54, "Chain leaf ≠ Cert", RejectionListForwardedTest.class),
          line(55, "';URI=spiffe://evil' inside a quoted DN", RejectionListForwardedTest.class),
          line(56, "> 16 KiB or > 32 elements", RejectionListHeadersTest.class),
          line(57, "CR/LF/NUL", RejectionListHeadersTest.class),
          line(58, "forward-only proxies (demand By)", RejectionListHeadersTest.class),
          line(59, "disagreeing with direct mTLS: direct wins", RejectionListHeadersTest.class),
          line(60, "two forwarding headers mixed", RejectionListHeadersTest.class),
          line(61, "header doubled through HTTP/2", RejectionListHeadersTest.class),
          line(
              62,
              "header names with '_' or a Connection-nominated copy",
              RejectionListHeadersTest.class),
          line(
              63,
              "SPIFFE text in a DNS or e-mail SAN is no ID, and does no harm to a good URI SAN",
              RejectionListNamesTest.class),
          line(
              64,
              "unparsable SAN (the JDK silently drops a non-critical one: read the extension ourselves)",
              RejectionListNamesTest.class),
          line(
              65,
              "key usage not critical, CA without key usage, CA with a path, leaf listed in the bundle",
              RejectionListLeavesTest.class,
              RejectionListChainsTest.class));

  @Test
  void theListHasEachNumberOnceAndInOrder() {
    assertThat(LIST)
        .extracting(Line::number)
        .isEqualTo(IntStream.rangeClosed(1, 65).boxed().toList());
  }

  @Test
  void everyLineIsShownByTheTestsThatBearItsNumber() throws Exception {
    Map<Integer, Set<String>> shown = shown();

    assertThat(LIST)
        .allSatisfy(
            line -> assertThat(shown.get(line.number())).as(line.words()).isEqualTo(line.tests()));
  }

  @Test
  void noTestBearsANumberThatTheListLacks() throws Exception {
    assertThat(shown().keySet()).isSubsetOf(LIST.stream().map(Line::number).toList());
  }

  @Test
  void everyTestOfTheListsBearsANumber() throws Exception {
    for (Class<?> type : tests()) {
      if (isList(type)) {
        assertThat(names(type))
            .as(type.getSimpleName())
            .isNotEmpty()
            .allMatch(NUMBER.asMatchPredicate());
      }
    }
  }

  private static Line line(int number, String words, Class<?>... tests) {
    var names = new TreeSet<String>();
    for (Class<?> type : tests) {
      names.add(type.getSimpleName());
    }
    return new Line(number, words, names);
  }

  /** The numbers that tests bear, and the classes of these tests. */
  private static Map<Integer, Set<String>> shown() throws Exception {
    Map<Integer, Set<String>> shown = new TreeMap<>();
    for (Class<?> type : tests()) {
      for (String name : names(type)) {
        Matcher number = NUMBER.matcher(name);
        if (number.matches()) {
          shown
              .computeIfAbsent(Integer.valueOf(number.group(1)), n -> new TreeSet<>())
              .add(type.getSimpleName());
        }
      }
    }
    return shown;
  }

  /** All classes of tests that are beside this one. */
  private static List<Class<?>> tests() throws IOException, URISyntaxException {
    Path here = Path.of(RejectionListTest.class.getResource("RejectionListTest.class").toURI());
    var found = new ArrayList<Class<?>>();
    try (Stream<Path> files = Files.list(here.resolveSibling("."))) {
      for (Path file : files.filter(f -> f.toString().endsWith("Test.class")).toList()) {
        String name = file.getFileName().toString().replace(".class", "");
        found.add(named(RejectionListTest.class.getPackageName() + "." + name));
      }
    }
    return found;
  }

  private static Class<?> named(String name) {
    try {
      return Class.forName(name);
    } catch (ClassNotFoundException e) {
      throw new IllegalStateException(e);
    }
  }

  private static boolean isList(Class<?> type) {
    return type.getSimpleName().startsWith("RejectionList") && type != RejectionListTest.class;
  }

  /** How the tests of a class are displayed; those of factories in the lists alone. */
  private static List<String> names(Class<?> type) throws ReflectiveOperationException {
    var names = new ArrayList<String>();
    for (Method method : type.getDeclaredMethods()) {
      if (method.isAnnotationPresent(Test.class)
          || method.isAnnotationPresent(ParameterizedTest.class)) {
        DisplayName name = method.getAnnotation(DisplayName.class);
        names.add(name == null ? method.getName() : name.value());
      } else if (method.isAnnotationPresent(TestFactory.class) && isList(type)) {
        names.addAll(made(type, method));
      }
    }
    return names;
  }

  private static List<String> made(Class<?> type, Method factory)
      throws ReflectiveOperationException {
    var tests = (Stream<?>) factory.invoke(type.getDeclaredConstructor().newInstance());
    return tests.map(test -> ((DynamicTest) test).getDisplayName()).toList();
  }
}
