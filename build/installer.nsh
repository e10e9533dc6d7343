; Before the files go, everybody's clients get their own servers back, while the program that can do it is still there.
; When that fails Patchbay stays: entries that still lead to it would start nothing.

!macro customUnInstall
  ; An update removes the old version too; it keeps everything.
  ${ifNot} ${isUpdated}
    DetailPrint "Putting back the configurations of your clients"
    System::Call 'kernel32::SetEnvironmentVariable(t "ELECTRON_RUN_AS_NODE", t "1")'
    nsExec::ExecToStack '"$INSTDIR\${APP_EXECUTABLE_FILENAME}" "$INSTDIR\resources\app.asar\dist\cli.mjs" uninstall --yes --keep-data'
    Pop $R8 ; exit code, or "error" when it could not be started
    Pop $R9 ; what it said
    System::Call 'kernel32::SetEnvironmentVariable(t "ELECTRON_RUN_AS_NODE", i 0)'
    DetailPrint "$R9"
    ${if} $R8 != 0
      ; A one-click uninstaller counts as silent although somebody may be there; only /S says that nobody is.
      ClearErrors
      ${GetParameters} $R0
      ${GetOptions} $R0 "/S" $R1
      ${if} ${Errors}
        MessageBox MB_YESNO|MB_ICONEXCLAMATION|MB_DEFBUTTON2 "Some configurations could not be put back:$\r$\n$\r$\n$R9$\r$\n$\r$\nTheir servers work only while Patchbay is installed. Remove it all the same?" IDYES patchbay_go_on
      ${endif}
      SetErrorLevel 3
      Quit
      patchbay_go_on:
    ${endif}
  ${endif}
!macroend
