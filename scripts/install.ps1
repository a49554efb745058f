# Installs mcp-server-qdrant for whoever calls it, on Windows; no rights of an administrator.
#
#   irm https://github.com/mcpqdrant/mcp-server-qdrant/releases/latest/download/install.ps1 | iex
#   .\install.ps1 [-Version 1.0.0] [-Uninstall]
#
# The archive of this platform is downloaded, compared with the release's SHA256SUMS (and that file with its signature, where cosign is
# installed), and unpacked into %LOCALAPPDATA%\Programs\mcp-server-qdrant, which is put into the user's PATH. Memories are not touched, nor by
# -Uninstall. MCP_SERVER_QDRANT_RELEASES names a mirror of the releases.
param([string] $Version, [switch] $Uninstall)
$ErrorActionPreference = 'Stop'
$ProgressPreference = 'SilentlyContinue'

function Install-McpServerQdrant([string] $Version, [switch] $Uninstall) {
    $releases = if ($env:MCP_SERVER_QDRANT_RELEASES) { $env:MCP_SERVER_QDRANT_RELEASES } else { 'https://github.com/mcpqdrant/mcp-server-qdrant/releases' }
    $programs = Join-Path $env:LOCALAPPDATA 'Programs'
    $target = Join-Path $programs 'mcp-server-qdrant'
    $path = @([Environment]::GetEnvironmentVariable('Path', 'User') -split ';' | Where-Object { $_ -and $_ -ne $target })

    if ($Uninstall) {
        if (Test-Path $target) { Remove-Item -Recurse -Force $target }
        [Environment]::SetEnvironmentVariable('Path', ($path -join ';'), 'User')
        return "mcp-server-qdrant is gone from $target. Memories stay where they are."
    }

    $rid = switch ([Runtime.InteropServices.RuntimeInformation]::OSArchitecture) {
        'X64' { 'win-x64' }
        'Arm64' { 'win-arm64' }
        default { throw "There is no program for Windows on $_." }
    }
    $from = if ($Version) { "$releases/download/v$($Version.TrimStart('v'))" } else { "$releases/latest/download" }
    $work = Join-Path ([IO.Path]::GetTempPath()) ([Guid]::NewGuid())
    New-Item -ItemType Directory $work | Out-Null
    try {
        $sums = Join-Path $work 'SHA256SUMS'
        Invoke-WebRequest -UseBasicParsing "$from/SHA256SUMS" -OutFile $sums
        if (Get-Command cosign -ErrorAction SilentlyContinue) {
            Invoke-WebRequest -UseBasicParsing "$from/SHA256SUMS.sigstore.json" -OutFile "$sums.sigstore.json"
            cosign verify-blob --bundle "$sums.sigstore.json" --certificate-oidc-issuer https://token.actions.githubusercontent.com `
                --certificate-identity-regexp '^https://github\.com/mcpqdrant/mcp-server-qdrant/\.github/workflows/release\.yml@refs/tags/v' $sums
            if ($LASTEXITCODE -ne 0) { throw 'The signature of SHA256SUMS is wrong. Nothing was installed.' }
        }
        else { Write-Warning 'cosign is not installed, so the checksums'' signature is not checked.' }

        $line = @(Get-Content $sums | Where-Object { $_ -match "^[0-9a-f]{64}  mcp-server-qdrant-[0-9][0-9A-Za-z.+-]*-$rid\.zip$" })
        if ($line.Count -ne 1) { throw "The release has no archive for $rid." }
        $sum, $archive = $line[0] -split '  ', 2
        $file = Join-Path $work $archive
        Invoke-WebRequest -UseBasicParsing "$from/$archive" -OutFile $file
        if ((Get-FileHash -Algorithm SHA256 $file).Hash -ne $sum) { throw "The checksum of $archive is wrong. Nothing was installed." }

        Add-Type -AssemblyName System.IO.Compression.FileSystem
        [IO.Compression.ZipFile]::ExtractToDirectory($file, $work)
        $unpacked = Join-Path $work ([IO.Path]::GetFileNameWithoutExtension($archive))
        $program = 'mcp-server-qdrant.exe'
        if (-not (Test-Path (Join-Path $unpacked $program))) { throw "There is no program in $archive." }
        New-Item -ItemType Directory -Force $programs | Out-Null
        # The folder of a program that runs can't be moved. Then the old one stays whole, and this ends with Windows' own sentence.
        if (Test-Path $target) { Move-Item $target (Join-Path $work 'old') }
        Move-Item $unpacked $target
    }
    finally { Remove-Item -Recurse -Force $work }

    [Environment]::SetEnvironmentVariable('Path', (@($path) + $target -join ';'), 'User')
    "Installed mcp-server-qdrant in $target. Open a new terminal, then: mcp-server-qdrant install claude-desktop"
}

Install-McpServerQdrant -Version $Version -Uninstall:$Uninstall
