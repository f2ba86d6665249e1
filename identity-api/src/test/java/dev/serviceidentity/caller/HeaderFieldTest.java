// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.caller;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("A header field")
class HeaderFieldTest {
  @ParameterizedTest
  @ValueSource(strings = {"a\rb", "a\nb", "a\u0000b", "\r\n", "Negotiate x\r\nSet-Cookie: y"})
  void hasNoValueThatCouldSplitAResponse(String value) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new HeaderField("WWW-Authenticate", value))
        .satisfies(complaint -> assertThat(complaint.getMessage()).doesNotContain("Set-Cookie"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a b", "a:", "a\r\nSet-Cookie", "a\u0000", "\u00e4", "(a)"})
  void hasANameThatIsAToken(String name) {
    assertThatIllegalArgumentException().isThrownBy(() -> new HeaderField(name, "value"));
  }

  /** RFC 9110 section 5.6.2, character by character. */
  @Test
  void hasANameOfExactlyTheCharactersOfATokenAndAValueOfAnyButThree() {
    for (char c = 0; c < 0x180; c++) {
      String text = "x" + c;
      if (text.matches("x[!#$%&'*+.^_`|~0-9A-Za-z-]")) {
        assertThat(new HeaderField(text, "value").name()).isEqualTo(text);
      } else {
        assertThatIllegalArgumentException().isThrownBy(() -> new HeaderField(text, "value"));
      }
      if (c == '\r' || c == '\n' || c == 0) {
        assertThatIllegalArgumentException().isThrownBy(() -> new HeaderField("Name", text));
      } else {
        assertThat(new HeaderField("Name", text).value()).isEqualTo(text);
      }
    }
  }

  @Test
  void doesNotShowItsValue() {
    assertThat(new HeaderField("Authorization", "Negotiate secret").toString())
        .contains("Authorization")
        .doesNotContain("secret");
  }

  @Test
  void needsNameAndValue() {
    assertThatNullPointerException().isThrownBy(() -> new HeaderField(null, "value"));
    assertThatNullPointerException().isThrownBy(() -> new HeaderField("Name", null));
  }
}
