// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.spring.web;

import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.get;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.content;

import dev.serviceidentity.access.Admitted;
import dev.serviceidentity.caller.Caller;
import dev.serviceidentity.jakarta.IdentityFilter;
import dev.serviceidentity.testkit.TestIdentity;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.test.web.servlet.MockMvc;
import org.springframework.test.web.servlet.setup.MockMvcBuilders;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/** Callers as parameters of controllers. */
class VerifiedCallerTest {
  private static final Caller WEB =
      TestIdentity.of("spiffe://shop.example/ns/shop/sa/web").caller();

  private final MockMvc mvc =
      MockMvcBuilders.standaloneSetup(new Controller())
          .setCustomArgumentResolvers(new VerifiedCallerParameters())
          .build();

  @ParameterizedTest
  @ValueSource(strings = {"/caller", "/admitted", "/optional", "/nullable"})
  void whoWasAdmittedIsTheParameter(String path) throws Exception {
    mvc.perform(
            get(path)
                .requestAttr(IdentityFilter.CALLER, WEB)
                .requestAttr(
                    IdentityFilter.DECISION,
                    Admitted.of("id", List.of(WEB), null, null, List.of())))
        .andExpect(content().string(WEB.principal().toString()));
  }

  @ParameterizedTest
  @ValueSource(strings = {"/optional", "/nullable"})
  void onPublicPathsNobodyMayBeThere(String path) throws Exception {
    mvc.perform(get(path)).andExpect(content().string("nobody"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"/caller", "/admitted"})
  void whoDemandsSomebodyOnAPublicPathIsToldWhy(String path) {
    assertThatThrownBy(() -> mvc.perform(get(path)))
        .rootCause()
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("serviceidentity.web.public-paths");
  }

  @Test
  void aParameterOfAnotherTypeIsAnError() {
    assertThatThrownBy(() -> mvc.perform(get("/text")))
        .rootCause()
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("is for Caller and Admitted");
  }

  @RestController
  private static final class Controller {
    @GetMapping("/caller")
    String caller(@VerifiedCaller Caller caller) {
      return name(caller);
    }

    @GetMapping("/admitted")
    String admitted(@VerifiedCaller Admitted admitted) {
      return name(admitted.caller());
    }

    @GetMapping("/optional")
    String optional(@VerifiedCaller Optional<Caller> caller) {
      return caller.map(Controller::name).orElse("nobody");
    }

    @GetMapping("/nullable")
    String nullable(@VerifiedCaller @Nullable Caller caller) {
      return caller == null ? "nobody" : name(caller);
    }

    @GetMapping("/text")
    String text(@VerifiedCaller String caller) {
      return caller;
    }

    private static String name(Caller caller) {
      return caller.principal().toString();
    }
  }
}
